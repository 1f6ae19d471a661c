package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real script in a made-up distribution, with made-up JDKs that only say their name. */
class TheScriptFindsAJdkTest {

    private static final Path SCRIPT = Path.of("../countersign");

    @TempDir
    Path folder;

    private Path jvms;
    private Path script;

    @BeforeEach
    void makeADistribution() throws Exception {
        jvms = Files.createDirectory(folder.resolve("jvms"));
        Path distribution =
                Files.createDirectories(folder.resolve("countersign/lib")).getParent();
        Files.createFile(distribution.resolve("lib/countersign-server.jar"));
        script = Files.copy(SCRIPT, distribution.resolve("countersign"));
    }

    @Test
    void thatJavaHomeNamesIfItIsNewEnough() throws Exception {
        jdk("newest", "25.0.1");

        assertThat(run(jdk("mine", "21.0.8"))).startsWith("mine ");
        assertThat(run(jdk("old", "17.0.15"))).startsWith("newest ");
        assertThat(run(jdk("ancient", "1.8.0_402"))).startsWith("newest ");
    }

    @Test
    void elseTheNewestWhereDebianKeepsThem() throws Exception {
        jdk("a", "21.0.8");
        jdk("b", "25.0.1");
        jdk("c", "17.0.15");

        assertThat(run(null)).startsWith("b ");
    }

    @Test
    void butNoneWithoutACompiler() throws Exception {
        Files.delete(jdk("runtime-only", "25.0.1").resolve("bin/javac"));
        jdk("whole", "21.0.8");

        assertThat(run(null)).startsWith("whole ");
    }

    @Test
    void orSaysWhatToInstall() throws Exception {
        jdk("old", "17.0.15");

        assertThat(run(null)).contains("no JDK 21 or newer").contains("apt-get install openjdk-21-jdk-headless");
    }

    @Test
    void andRunsTheCommandWithIt() throws Exception {
        jdk("b", "25.0.1");

        assertThat(run(null, "token", "alice", "--act", "two words"))
                .endsWith("io.countersign.launcher.Countersign token alice --act two words\n");
        assertThat(run(null, "demo")).endsWith("countersign-server-gateway.jar demo\n");
    }

    private Path jdk(String name, String version) throws Exception {
        Path home = Files.createDirectories(jvms.resolve(name).resolve("bin")).getParent();
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String program : new String[] {"java", "javac"}) {
            program(home.resolve("bin").resolve(program), "#!/bin/sh\necho " + name + " \"$@\"\n");
        }
        return home;
    }

    private String run(Path javaHome, String... arguments) throws Exception {
        ProcessBuilder process = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
        process.command().addAll(List.of(arguments));
        process.environment().remove("JAVA_HOME");
        process.environment().put("COUNTERSIGN_JVMS", jvms.toString());
        // Without the JDK that runs this test.
        process.environment().put("PATH", toolsWithoutJava());
        if (javaHome != null) {
            process.environment().put("JAVA_HOME", javaHome.toString());
        }
        Process running = process.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    private String toolsWithoutJava() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : new String[] {"sh", "sed", "dirname", "readlink", "rm", "cat"}) {
            Path real = Files.exists(Path.of("/usr/bin", tool)) ? Path.of("/usr/bin", tool) : Path.of("/bin", tool);
            program(bin.resolve(tool), "#!/bin/sh\nexec " + real + " \"$@\"\n");
        }
        return bin.toString();
    }

    private static void program(Path file, String text) throws Exception {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
