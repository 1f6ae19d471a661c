package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The demo's target: a real PostgreSQL on loopback with a small shop in it. It logs every statement
 * ({@code log_statement = all}), so that anybody can compare what ran with what the ledger says.
 */
final class DemoDatabase {

    static final String NAME = "shop";

    /** The account that the gateway uses; its password is known to nobody else. */
    static final String USER = "shop_gateway";

    /** Seconds that starting, stopping or making it may take on a slow machine. */
    private static final int PATIENCE = 120;

    private final Path home;
    private final Path programs;
    private final ServiceAccount account;
    private final Progress progress;

    private DemoDatabase(Path home, Path programs, ServiceAccount account, Progress progress) {
        this.home = home;
        this.programs = programs;
        this.account = account;
        this.progress = progress;
    }

    /**
     * Makes the database where it is missing.
     *
     * @param wanted where to keep it; elsewhere if PostgreSQL's account does not get there, as under {@code /root}
     * @param shared where all demos of this distribution keep PostgreSQL's programs, if we may write and that account
     *               gets there
     */
    static DemoDatabase in(
            Path wanted, Path shared, Distribution distribution, String password, SelfSigned key, Progress progress) {
        ServiceAccount account = ServiceAccount.chosen();
        try {
            account.letPass(wanted.resolveSibling(""));
            Path home = account.reaches(wanted) ? wanted : elsewhere(wanted);
            if (!home.equals(wanted)) {
                progress.say("PostgreSQL, which does not run as root, keeps the demo database in " + home);
            }
            makeDirectory(home);
            boolean share = isWritable(shared) && account.reaches(shared.resolve("it"));
            Path programs = Programs.unpacked(distribution.postgresArchive(), share ? shared : home, progress);
            DemoDatabase database = new DemoDatabase(home, programs, account, progress);
            if (!Files.isWritable(home) || !Files.getOwner(home).equals(Files.getOwner(Path.of("/proc/self")))) {
                throw new Failure(home + " belongs to somebody else. Name another directory with --data.");
            }
            if (!Files.exists(database.data())) {
                progress.say("making the demo database " + NAME);
                database.make(distribution.demoDatabase(), password);
            }
            database.own(database.data().resolve("server.crt"), key.certificate());
            database.own(database.data().resolve("server.key"), key.privateKey());
            return database;
        } catch (IOException e) {
            throw new Failure("The demo database cannot be made in " + wanted + ": " + e, e);
        }
    }

    /** Starts it; one that a killed demo left behind is stopped first. */
    void start(int port) {
        stop();
        run(
                "start",
                account.running(
                        program("pg_ctl"),
                        "start",
                        "-w",
                        "-t",
                        Integer.toString(PATIENCE),
                        "-D",
                        data().toString(),
                        "-l",
                        log().resolve("startup.log").toString(),
                        "-o",
                        "-p " + port));
        progress.say("PostgreSQL runs");
    }

    /** Stops it, disconnecting whoever is there. Does nothing when it does not run. */
    void stop() {
        if (Files.exists(data().resolve("postmaster.pid")) && isRunning()) {
            run(
                    "stop",
                    account.running(
                            program("pg_ctl"),
                            "stop",
                            "-w",
                            "-t",
                            Integer.toString(PATIENCE),
                            "-m",
                            "fast",
                            "-D",
                            data().toString()));
        }
    }

    /** PostgreSQL's log files. */
    Path log() {
        return home.resolve("log");
    }

    private boolean isRunning() {
        // pg_ctl(1): status 0 says it runs, 3 that it does not; a stale postmaster.pid is recognised.
        return outcome(
                        "status",
                        account.running(program("pg_ctl"), "status", "-D", data().toString()),
                        Path.of("/dev/null"))
                == 0;
    }

    private void make(Path shop, String password) throws IOException {
        Path draft = home.resolve("data.new");
        Programs.delete(draft);
        Files.createDirectory(draft);
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
        account.give(draft);
        makeDirectory(log());
        account.give(log());
        // Trust is for initdb's own single-user sessions only: pg_hba.conf is replaced before anything listens.
        run(
                "initdb",
                account.running(
                        program("initdb"),
                        "-D",
                        draft.toString(),
                        "-U",
                        "postgres",
                        "-A",
                        "trust",
                        "--no-sync",
                        "--encoding=UTF8",
                        "--locale-provider=builtin",
                        "--locale=C.UTF-8",
                        "--no-instructions"));
        own(draft.resolve("pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\n");
        own(draft.resolve("countersign.conf"), settings());
        Files.writeString(draft.resolve("postgresql.conf"), "include 'countersign.conf'\n", StandardOpenOption.APPEND);
        script(draft, "postgres", """
                CREATE ROLE %1$s LOGIN PASSWORD '%2$s';

                CREATE DATABASE %3$s OWNER %1$s;

                """.formatted(USER, password, NAME));
        script(draft, NAME, Files.readString(shop));
        Files.move(draft, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private String settings() {
        return """
                listen_addresses = '127.0.0.1'
                unix_socket_directories = ''
                password_encryption = 'scram-sha-256'
                ssl = on
                max_connections = 1100
                shared_buffers = 32MB
                jit = off
                logging_collector = on
                log_directory = '%s'
                log_filename = 'postgresql-%%Y-%%m-%%d_%%H%%M%%S.log'
                log_line_prefix = '%%m [%%p] %%u@%%d %%h '
                log_statement = 'all'
                log_connections = on
                log_disconnections = on
                """.formatted(log());
    }

    /** Runs statements without a server (postgres(1), single-user mode): each ends with a semicolon and an empty line. */
    private void script(Path data, String database, String statements) throws IOException {
        Path file = home.resolve("script.sql");
        own(file, statements);
        try {
            List<String> command = account.running(
                    program("postgres"),
                    "--single",
                    "-j",
                    "-D",
                    data.toString(),
                    "-c",
                    "log_statement=none",
                    "-c",
                    "log_min_error_statement=panic",
                    "-c",
                    "logging_collector=off",
                    "-c",
                    "ssl=off",
                    "-c",
                    "exit_on_error=true",
                    database);
            int status = outcome("script", command, file);
            if (status != 0) {
                throw failed("script", status);
            }
        } finally {
            Files.delete(file);
        }
    }

    private void run(String step, List<String> command) {
        int status = outcome(step, command, Path.of("/dev/null"));
        if (status != 0) {
            throw failed(step, status);
        }
    }

    private int outcome(String step, List<String> command, Path input) {
        try {
            // To a file: the server inherits the stream, so that a pipe would never end.
            Process process = new ProcessBuilder(command)
                    .directory(home.toFile())
                    .redirectInput(input.toFile())
                    .redirectOutput(said(step).toFile())
                    .redirectErrorStream(true)
                    .start();
            if (!process.waitFor(PATIENCE, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw failed(step, -1);
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot run " + command.getFirst(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while PostgreSQL was busy with " + step, e);
        }
    }

    private Failure failed(String step, int status) {
        List<String> words = new ArrayList<>();
        for (Path file : List.of(said(step), log().resolve("startup.log"))) {
            try {
                List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
                words.addAll(lines.subList(Math.max(0, lines.size() - 8), lines.size()));
            } catch (IOException e) {
                words.add(file + " cannot be read: " + e);
            }
        }
        return new Failure("PostgreSQL's step '%s' failed (status %d) in %s:%n%s"
                .formatted(step, status, home, String.join(System.lineSeparator(), words)));
    }

    /** What that step said last. */
    private Path said(String step) {
        return home.resolve(step + ".log");
    }

    private void own(Path file, String content) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, Secrets.OWNER_ONLY);
        Files.writeString(file, content, StandardCharsets.UTF_8);
        account.give(file);
    }

    private static void makeDirectory(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Whether it is there for us to write in, or could be made. */
    private static boolean isWritable(Path directory) {
        Path there = directory.toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.resolveSibling("");
        }
        return Files.isWritable(there);
    }

    /** A place that every account reaches and that survives a restart of the machine (file-hierarchy(7)). */
    private static Path elsewhere(Path wanted) {
        return Path.of(
                "/var/tmp",
                "countersign-" + Integer.toHexString(wanted.toString().hashCode()));
    }

    private Path data() {
        return home.resolve("data");
    }

    private String program(String name) {
        return programs.resolve("bin").resolve(name).toString();
    }
}
