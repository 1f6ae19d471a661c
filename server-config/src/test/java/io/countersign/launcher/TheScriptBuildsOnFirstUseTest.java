package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the real script in a made-up checkout, with a made-up JDK and a Maven that only pretends. */
class TheScriptBuildsOnFirstUseTest {

    private static final String MAVEN = """
            #!/bin/sh
            echo "$@" >>calls
            echo "[INFO] Downloading from central: https://repo/a.pom"
            echo "[INFO] Downloaded from central: https://repo/a.pom (1 kB)"
            echo "[INFO] Building Countersign policy, approval and ledger 0.1.0-SNAPSHOT     [3/9]"
            echo "[INFO] Tests run: 12"
            if [ -e broken ]; then
                echo "[ERROR] Shop.java:[3,1] ';' expected"
                exit 7
            fi
            mkdir -p server-config/target/countersign/payara
            touch server-config/target/countersign/payara/launch-micro.jar
            """;

    @TempDir
    Path checkout;

    private record Result(int status, String said) {}

    @BeforeEach
    void makeACheckout() throws Exception {
        Files.copy(Path.of("../countersign"), checkout.resolve("countersign"));
        program("tools/mvn", MAVEN);
        program("jdk/bin/java", "#!/bin/sh\necho ran \"$@\"\n");
        program("jdk/bin/javac", "");
        Files.writeString(checkout.resolve("jdk/release"), "JAVA_VERSION=\"21.0.8\"\n");
        source("pom.xml");
        source("ejb-policy/src/main/java/Shop.java");
    }

    @Test
    void andTellsMeanwhileHowFarItIs() throws Exception {
        Result result = run("token", "alice");

        assertThat(result.said())
                .contains("downloading… 1 files so far (0 s)")
                .containsPattern("building Countersign policy, approval and ledger \\(\\d s\\)")
                .doesNotContain("Tests run")
                .endsWith("io.countersign.launcher.Countersign token alice\n");
        assertThat(calls()).containsExactly("-B package -DskipTests -pl server-config -am");
        assertThat(Files.readString(checkout.resolve(".countersign/build.log")))
                .contains("Tests run: 12")
                .contains("countersign-server-gateway.jar prepare");
    }

    @Test
    void butNotASecondTime() throws Exception {
        run("token", "alice");
        run("token", "alice");

        assertThat(calls()).hasSize(1);
    }

    @Test
    void andAgainWhenASourceIsNewerButNotForATestOrItsOwnOutput() throws Exception {
        run("token", "alice");
        later("ejb-policy/src/test/java/ShopTest.java");
        later("ejb-policy/target/classes/Shop.class");
        later("it/src/main/Story.java");
        run("token", "alice");
        assertThat(calls()).hasSize(1);

        later("ejb-policy/src/main/java/Shop.java");
        run("token", "alice");
        assertThat(calls()).hasSize(2);
    }

    @Test
    void andPreparesAFastStartAgainAfterSomebodyElseBuilt() throws Exception {
        run("token", "alice");
        assertThat(run("token", "alice").said()).doesNotContain("preparing a fast start");

        later("server-config/target/countersign/payara/launch-micro.jar");
        assertThat(run("token", "alice").said()).contains("preparing a fast start");
        assertThat(calls()).hasSize(1);
    }

    @Test
    void orSaysWhyItCannot() throws Exception {
        Files.createFile(checkout.resolve("broken"));

        Result result = run("token", "alice");

        assertThat(result.status()).isEqualTo(1);
        assertThat(result.said())
                .contains("';' expected")
                .contains("the build failed")
                .doesNotContain("ran ");
    }

    @Test
    void andItsTestsArePassedToMavenWithEveryWordAndItsStatus() throws Exception {
        Result passed = run("test", "-Dtest=A B");
        assertThat(passed.status()).isZero();
        assertThat(passed.said()).contains("Tests run: 12");
        assertThat(calls()).containsExactly("-B verify -Dtest=A B");

        Files.createFile(checkout.resolve("broken"));
        assertThat(run("test").status()).isEqualTo(7);
    }

    @Test
    void andExplainsThemWithoutRunningAny() throws Exception {
        assertThat(run("test", "--help").said()).startsWith("Usage: countersign test");
        assertThat(checkout.resolve("calls")).doesNotExist();
    }

    private List<String> calls() throws Exception {
        return Files.readAllLines(checkout.resolve("calls"));
    }

    private void program(String name, String text) throws Exception {
        Path file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path source(String name) throws Exception {
        Path file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "");
    }

    private void later(String name) throws Exception {
        Files.setLastModifiedTime(source(name), FileTime.from(Instant.now().plusSeconds(60)));
    }

    private Result run(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("sh", checkout.resolve("countersign").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder process = new ProcessBuilder(command).redirectErrorStream(true);
        process.environment().put("JAVA_HOME", checkout.resolve("jdk").toString());
        process.environment().merge("PATH", checkout.resolve("tools").toString(), (path, tools) -> tools + ":" + path);
        Process running = process.start();
        String said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return new Result(running.exitValue(), said);
    }
}
