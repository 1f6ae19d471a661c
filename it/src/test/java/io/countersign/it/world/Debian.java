package io.countersign.it.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
        install(debianPackage);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(path + " is still missing after installing " + debianPackage);
        }
        return program;
    }

    /** Where a PostgreSQL server lies beside the client programs of its version: the newest that the machine has. */
    public static synchronized Path postgresPrograms() {
        return newestPostgres().orElseGet(() -> {
            install("postgresql");
            return newestPostgres()
                    .orElseThrow(() -> new IllegalStateException(
                            "there is no server below /usr/lib/postgresql, even after installing postgresql"));
        });
    }

    private static Optional<Path> newestPostgres() {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> folders = Files.list(versions)) {
            return folders.map(version -> version.resolve("bin"))
                    .filter(programs -> Stream.of("initdb", "pg_ctl", "pg_dump", "psql")
                            .allMatch(name -> Files.isExecutable(programs.resolve(name))))
                    .max(Comparator.comparingInt(Debian::version));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of {@code /usr/lib/postgresql/15/bin}: 15. */
    private static int version(Path programs) {
        return Integer.parseInt(programs.getName(programs.getNameCount() - 2).toString());
    }

    private static void install(String debianPackage) {
        if (!listsAreFresh) {
            run("apt-get", "update", "-q");
            listsAreFresh = true;
        }
        run("apt-get", "install", "-y", "-q", "--no-install-recommends", debianPackage);
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
