package io.countersign.postgres;

import io.countersign.api.Secret;
import io.countersign.api.Target;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** A real PostgreSQL 18, started once for all tests and stopped with the JVM. It logs every statement it is given. */
final class TargetServer {

    static final String USER = "upstream_account";
    static final String PASSWORD = "only-the-gateway-knows";

    private static final TargetServer RUNNING = start();

    final int port;
    private final Path home;

    private TargetServer(Path home, int port) {
        this.home = home;
        this.port = port;
    }

    static TargetServer running() {
        return RUNNING;
    }

    Target target(String name) {
        return new Target(
                name,
                "postgres",
                "127.0.0.1",
                port,
                "shop",
                USER,
                Optional.of(Secret.of(PASSWORD)),
                new Target.Tls.Off());
    }

    /** The same, asked for its catalogue this often. */
    Target asked(Duration refresh) {
        return new Target(
                "shop",
                "postgres",
                "127.0.0.1",
                port,
                "shop",
                USER,
                Optional.of(Secret.of(PASSWORD)),
                new Target.Tls.Off(),
                Optional.of(refresh));
    }

    /** The same, by way of something on the loopback address that passes everything on. */
    Target behind(int way) {
        return new Target(
                "shop",
                "postgres",
                "127.0.0.1",
                way,
                "shop",
                USER,
                Optional.of(Secret.of(PASSWORD)),
                new Target.Tls.Off());
    }

    /** Where its libraries are, a libpq of its own version among them. */
    Path libraries() {
        return home.resolve("lib");
    }

    /** The same, signing in as somebody else. */
    Target as(String user, String password, Target.Tls tls) {
        return new Target("shop", "postgres", "localhost", port, "shop", user, Optional.of(Secret.of(password)), tls);
    }

    /** TLS with the server's own certificate trusted. */
    Target.Tls verified(Target.ChannelBinding binding) {
        return new Target.Tls.VerifyFull(Optional.of(home.resolve("server.crt")), binding, Optional.empty());
    }

    /** The same, without a password and with a certificate that the server believes to be {@code by_certificate}'s. */
    Target certified(String user) {
        return new Target(
                "shop",
                "postgres",
                "localhost",
                port,
                "shop",
                user,
                Optional.empty(),
                new Target.Tls.VerifyFull(
                        Optional.of(home.resolve("server.crt")),
                        Target.ChannelBinding.PREFER,
                        Optional.of(new Target.ClientCertificate(
                                home.resolve("by_certificate.crt"), home.resolve("by_certificate.key")))));
    }

    /** The same server by TLS. */
    Target encrypted(String host) {
        return new Target(
                "shop",
                "postgres",
                host,
                port,
                "shop",
                USER,
                Optional.of(Secret.of(PASSWORD)),
                verified(Target.ChannelBinding.PREFER));
    }

    /** Where it listens, on the loopback address. */
    int port() {
        return port;
    }

    /** A connection past the gateway. */
    Connection direct() throws SQLException {
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/shop", USER, PASSWORD);
    }

    void run(String... statements) {
        try (Connection connection = direct();
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    String ask(String sql) {
        try (Connection connection = direct();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a statement with this text has reached the server. */
    boolean received(String text) {
        try {
            return Files.readString(home.resolve("log")).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TargetServer start() {
        try {
            Path home = Files.createTempDirectory("countersign-target");
            unpack(home);
            Files.writeString(home.resolve("password"), PASSWORD);
            Certificate certificate = Certificate.make(home, "target");
            Files.writeString(home.resolve("server.key"), certificate.keyPem());
            Files.writeString(home.resolve("server.crt"), certificate.certificatePem());
            Certificate.make(home, "by_certificate", "by_certificate").write();
            Files.setPosixFilePermissions(
                    home.resolve("server.key"),
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
            boolean root = System.getProperty("user.name").equals("root");
            if (root) {
                exec(home, List.of("chown", "-R", "nobody", home.toString()));
                Files.setPosixFilePermissions(home, EnumSet.allOf(PosixFilePermission.class));
            }
            List<String> as =
                    root ? List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups") : List.of();
            String bin = home.resolve("bin").toString();
            exec(
                    home,
                    with(
                            as,
                            bin + "/initdb",
                            "-D",
                            home + "/data",
                            "-U",
                            USER,
                            "--pwfile=" + home + "/password",
                            "-A",
                            "scram-sha-256",
                            "-E",
                            "UTF8",
                            "--locale=C",
                            "--no-sync"));
            otherWays(home.resolve("data/pg_hba.conf"));
            int port = freePort();
            Process server = new ProcessBuilder(with(
                            as,
                            bin + "/postgres",
                            "-D",
                            home + "/data",
                            "-p",
                            String.valueOf(port),
                            "-k",
                            home.toString(),
                            "-c",
                            "listen_addresses=127.0.0.1",
                            "-c",
                            "fsync=off",
                            "-c",
                            "ssl=on",
                            "-c",
                            "ssl_cert_file=" + home + "/server.crt",
                            "-c",
                            "ssl_key_file=" + home + "/server.key",
                            "-c",
                            "ssl_ca_file=" + home + "/by_certificate.crt",
                            "-c",
                            "log_statement=all",
                            "-c",
                            "max_connections=200"))
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("log").toFile())
                    .start();
            TargetServer target = new TargetServer(home, port);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, home)));
            target.awaitReady(server);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Users whom the server asks in other ways; all others by SCRAM. */
    private static void otherWays(Path hba) throws IOException {
        Files.writeString(hba, """
                host all by_trust 127.0.0.1/32 trust
                host all by_md5 127.0.0.1/32 md5
                host all by_password 127.0.0.1/32 password
                hostssl all by_certificate 127.0.0.1/32 cert
                """ + Files.readString(hba));
    }

    private void awaitReady(Process server) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try (Connection connection = DriverManager.getConnection(
                            "jdbc:postgresql://127.0.0.1:" + port + "/postgres", USER, PASSWORD);
                    var statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE shop");
                return;
            } catch (SQLException e) {
                if (!server.isAlive() || System.nanoTime() > until) {
                    throw new IllegalStateException("the test server does not start", e);
                }
                Thread.onSpinWait();
            }
        }
    }

    private static void stop(Process server, Path home) {
        server.destroy();
        try {
            if (!server.waitFor(5, TimeUnit.SECONDS)) {
                server.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(home)) {
                for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException | InterruptedException e) {
            System.err.println("the test server's files stay in " + home + ": " + e.getMessage());
        }
    }

    private static void unpack(Path home) throws IOException {
        try (InputStream packed = TargetServer.class.getResourceAsStream("/postgres-linux-x86_64.txz");
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            TarArchiveEntry entry;
            while ((entry = tar.getNextEntry()) != null) {
                Path file = home.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(file.getParent());
                    Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(tar, file);
                    if ((entry.getMode() & 0100) != 0) {
                        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(file));
                        permissions.addAll(EnumSet.of(
                                PosixFilePermission.OWNER_EXECUTE,
                                PosixFilePermission.GROUP_EXECUTE,
                                PosixFilePermission.OTHERS_EXECUTE));
                        Files.setPosixFilePermissions(file, permissions);
                    }
                }
            }
        }
    }

    private static void exec(Path home, List<String> command) throws IOException {
        Path log = home.resolve("setup");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + ": " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> with(List<String> as, String... command) {
        List<String> all = new ArrayList<>(as);
        all.addAll(List.of(command));
        return all;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
