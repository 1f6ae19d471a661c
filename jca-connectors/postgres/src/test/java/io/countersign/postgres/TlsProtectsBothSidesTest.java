package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Secret;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsProtectsBothSidesTest {

    @TempDir
    static Path folder;

    private static Certificate certificate;
    private GatewayUnderTest gateway;

    @BeforeAll
    static void makeACertificate() throws IOException {
        certificate = Certificate.make(folder, "gateway");
        Files.writeString(folder.resolve("gateway.crt"), certificate.certificatePem());
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void clientsVerifyTheGateway() throws Exception {
        open(ServerTls.Mode.REQUIRED);
        try (Connection connection =
                gateway.connectTo("localhost", "sslmode=verify-full", "sslrootcert=" + folder.resolve("gateway.crt"))) {
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(gateway.policy.signIns.peek().encrypted()).isTrue();
        assertThat(gateway.psql("-Atc", "SELECT 1")).isEqualTo("1\n");
    }

    @Test
    void whatIsNotEncryptedIsRefusedWhereItMustBe() throws Exception {
        open(ServerTls.Mode.REQUIRED);
        assertThatThrownBy(() -> gateway.connect("sslmode=disable"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("accepts encrypted connections only")
                .hasMessageContaining("sslmode=require");
        assertThat(gateway.policy.signIns).isEmpty();
    }

    @Test
    void andAcceptedWhereItMayBe() throws Exception {
        open(ServerTls.Mode.OPTIONAL);
        try (Connection connection = gateway.connect("sslmode=disable")) {
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(gateway.policy.signIns.peek().encrypted()).isFalse();
    }

    @Test
    void tlsMayBeginAtOnceIfItNamesTheProtocol() throws Exception {
        open(ServerTls.Mode.REQUIRED);
        try (RawClient client = new RawClient(gateway.number())) {
            client.encrypt(certificate, "postgresql");
            client.signIn();
            client.send(new Query("SELECT 1"));
            assertThat(client.readToReady()).hasSize(4);
        }
        try (RawClient client = new RawClient(gateway.number())) {
            assertThatThrownBy(() -> client.encrypt(certificate, "http/1.1")).isInstanceOf(IOException.class);
        }
        try (RawClient client = new RawClient(gateway.number())) {
            client.encrypt(certificate);
            assertThat(client.readToEnd())
                    .singleElement()
                    .satisfies(last -> assertThat(((Report) last).message()).contains("ALPN"));
        }
    }

    @Test
    void aCommandIsCancelledOverTlsByALongKey() throws Exception {
        open(ServerTls.Mode.REQUIRED);
        try (RawClient client = new RawClient(gateway.number())) {
            client.encrypt(certificate, "postgresql");
            client.send(new StartupPacket.Startup(3, 2, Map.of("user", "alice", "database", "shop")));
            assertThat(client.read()).isInstanceOf(Authentication.CleartextPassword.class);
            client.send(new PasswordMessage(Secret.of(Policy.TOKEN)));
            BackendKeyData key = RawClient.key(client.readToReady());
            assertThat(key.key()).hasSize(32);
            client.send(new Query("SELECT pg_sleep(60)"));
            Policy.await(() -> TargetServer.running().received("SELECT pg_sleep(60)") ? true : null, "the statement");
            try (RawClient canceller = new RawClient(gateway.number())) {
                canceller.encrypt(certificate, "postgresql");
                canceller.send(new StartupPacket.CancelRequest(key.processId(), key.key()));
                assertThat(canceller.readToEnd()).isEmpty();
            }
            assertThat(client.readToReady())
                    .filteredOn(Report.class::isInstance)
                    .singleElement()
                    .satisfies(
                            report -> assertThat(((Report) report).sqlState()).isEqualTo("57014"));
        }
    }

    @Test
    void nothingMayBeSmuggledInBehindTheRequestForTls() throws Exception {
        open(ServerTls.Mode.OPTIONAL);
        try (RawClient client = new RawClient(gateway.number())) {
            io.netty.buffer.ByteBuf both = io.netty.buffer.Unpooled.buffer();
            new StartupPacket.SslRequest().encode(both);
            new StartupPacket.Startup(3, 0, Map.of("user", "mallory")).encode(both);
            client.send(both);
            BackendMessage last = client.readToEnd().getLast();
            assertThat(((Report) last).sqlState()).isEqualTo("08P01");
        }
    }

    @Test
    void whatComesInClearIsNotRecorded() throws Exception {
        open(ServerTls.Mode.REQUIRED);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.number());
        try (RawClient client = new RawClient(gateway.number())) {
            client.close();
            client.use(plain);
            client.encrypt(certificate, "postgresql");
            client.signIn();
            plain.getOutputStream().write("hunter2".getBytes(StandardCharsets.US_ASCII));
            assertThat(Policy.await(gateway.policy.closings::peek, "the end"))
                    .isEqualTo("the client's connection broke: what came is no TLS");
        }
    }

    @Test
    void theGatewayVerifiesTheTarget() throws Exception {
        open(ServerTls.Mode.OPTIONAL);
        gateway.policy.target = TargetServer.running().encrypted("localhost");
        try (Connection connection = gateway.connect("sslmode=disable")) {
            var rows = connection
                    .createStatement()
                    .executeQuery("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
            rows.next();
            assertThat(rows.getBoolean(1)).isTrue();
        }
        gateway.policy.target = TargetServer.running().encrypted("127.0.0.1");
        assertThatThrownBy(() -> gateway.connect("sslmode=disable"))
                .hasMessageContaining("does not prove its identity by TLS");
    }

    private void open(ServerTls.Mode mode) throws Exception {
        gateway = new GatewayUnderTest(
                ServerTls.load(mode, certificate.keyStore(), certificate.password(), PostgresPort.ALPN), 100);
    }
}
