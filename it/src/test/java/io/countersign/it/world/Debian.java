package io.countersign.it.world;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Brings the client programs that a story needs and the machine lacks. */
public final class Debian {

    private static boolean listsAreFresh;

    private Debian() {}

    /** The program's path; installs {@code debianPackage} first where it is missing and we may. */
    public static synchronized Path program(String path, String debianPackage) {
        Path program = Path.of(path);
        if (Files.isExecutable(program)) {
            return program;
        }
        System.out.println("[world] " + path + " is missing: installing Debian's " + debianPackage);
        if (!listsAreFresh) {
            run("apt-get", "update", "-q");
            listsAreFresh = true;
        }
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", debianPackage);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(path + " is still missing after installing " + debianPackage);
        }
        return program;
    }

    private static void run(String... command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process =
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            boolean done = process.waitFor(10, TimeUnit.MINUTES);
            if (!done || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("'" + String.join(" ", List.of(command))
                        + "' failed. The stories need this package: install it as root, then run the tests again.");
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + command[0] + ": is this a Debian machine?", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while installing", e);
        }
    }
}
