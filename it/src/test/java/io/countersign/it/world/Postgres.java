package io.countersign.it.world;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A PostgreSQL server of a story's own, from Debian's packages: to be stopped and started as the story goes. */
public final class Postgres implements AutoCloseable {

    /** Its superuser. */
    public static final String USER = "story";

    private final Path programs = Debian.postgresPrograms();
    private final Path folder;
    private final int port;
    private final String password = UUID.randomUUID().toString();

    private Postgres(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Makes one and starts it. Where root runs the stories, Debian's account {@code postgres} runs the server. */
    public static Postgres start() {
        try {
            // Not below the checkout: the server's account may not get there.
            Postgres server = new Postgres(Files.createTempDirectory("countersign-postgres-"), freePort());
            server.make();
            return server.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void make() throws IOException {
        Path secret = Files.writeString(passwordFile(), password);
        if (asRoot()) {
            var postgres =
                    folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postgres");
            Files.setOwner(secret, postgres);
            Files.setOwner(folder, postgres);
        }
        server(
                "initdb",
                "-D",
                data().toString(),
                "-U",
                USER,
                "-A",
                "scram-sha-256",
                "--pwfile=" + secret,
                "--no-sync",
                "--encoding=UTF8",
                "--locale=C.UTF-8");
        Files.writeString(data().resolve("postgresql.conf"), """
                listen_addresses = '127.0.0.1'
                port = %d
                unix_socket_directories = ''
                log_statement = 'all'
                """.formatted(port), StandardOpenOption.APPEND);
    }

    /** Starts it again, on the port that it always had. */
    public Postgres run() {
        server("pg_ctl", "start", "-w", "-D", data().toString(), "-l", log().toString());
        return this;
    }

    /** Stops it as a crash would: no farewell to anybody, recovery at the next start. */
    public void crash() {
        server("pg_ctl", "stop", "-w", "-m", "immediate", "-D", data().toString());
    }

    public int port() {
        return port;
    }

    /** For {@code password: {file: …}} of a target. */
    public Path passwordFile() {
        return folder.resolve("password");
    }

    /** One of its programs, of its own version. */
    public Path program(String name) {
        return programs.resolve(name);
    }

    /** For {@code --store}. */
    public String jdbc(String database) {
        return "jdbc:postgresql://127.0.0.1:%d/%s?user=%s&password=%s".formatted(port, database, USER, password);
    }

    /** Runs SQL by psql, straight at the server, and returns what it printed; fails where a statement does. */
    public String ask(String database, String... options) {
        List<String> command = new ArrayList<>(List.of(
                program("psql").toString(),
                "-XAtq",
                "-v",
                "ON_ERROR_STOP=1",
                "-d",
                "host=127.0.0.1 port=%d dbname=%s user=%s".formatted(port, database, USER)));
        command.addAll(List.of(options));
        return Program.start(command, Map.of("PGPASSWORD", password))
                .finish()
                .orFail()
                .out();
    }

    @Override
    public void close() {
        if (Files.exists(data().resolve("postmaster.pid"))) {
            server("pg_ctl", "stop", "-w", "-m", "fast", "-D", data().toString());
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void server(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (asRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(program(program).toString());
        command.addAll(List.of(arguments));
        Path said = folder.resolve("said");
        try {
            // Into a file: the server inherits the streams, and the end of a pipe would never come.
            Process process = new ProcessBuilder(command)
                    .directory(Path.of("/").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(program + " failed: " + Files.readString(said));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path log() {
        return folder.resolve("log");
    }

    private static boolean asRoot() {
        return new UnixSystem().getUid() == 0;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
