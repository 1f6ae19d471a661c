package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Target;
import io.countersign.api.Target.ChannelBinding;
import io.countersign.api.Target.ClientCertificate;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files behind {@code verify-full} change while the gateway runs, and what was made of them with it. */
class ATargetsCertificatesMayBeReplacedTest extends GatewayTest {

    @TempDir
    static Path folder;

    private static Certificate stranger;

    private final Target given = TARGET.certified("by_certificate");
    private final Target.Tls.VerifyFull verified = (Target.Tls.VerifyFull) given.tls();
    private final Path trust = folder.resolve("trust.crt");
    private final Path chain = folder.resolve("own.crt");
    private final Path key = folder.resolve("own.key");
    private final Target.Tls.VerifyFull copied = new Target.Tls.VerifyFull(
            Optional.of(trust), ChannelBinding.PREFER, Optional.of(new ClientCertificate(chain, key)));

    @BeforeAll
    static void makeStranger() throws IOException {
        TARGET.run("DROP ROLE IF EXISTS by_certificate", "CREATE ROLE by_certificate LOGIN");
        stranger = Certificate.make(folder, "stranger");
        stranger.write();
    }

    @BeforeEach
    void copy() throws IOException {
        replace(verified.trust().orElseThrow(), trust);
        replace(verified.certificate().orElseThrow().chain(), chain);
        replace(verified.certificate().orElseThrow().key(), key);
        gateway.policy.target = new Target(
                given.name(),
                given.protocol(),
                given.host(),
                given.port(),
                given.database(),
                given.user(),
                given.password(),
                copied);
    }

    @Test
    void whoIsTrustedNoMoreIsNotTrustedByTheNextConnection() throws Exception {
        connects();
        replace(folder.resolve("stranger.crt"), trust);
        assertThatThrownBy(() -> gateway.connect()).hasMessageContaining("TLS");
        replace(verified.trust().orElseThrow(), trust);
        connects();
    }

    @Test
    void anotherCertificateOfTheGatewaysOwnIsShownByTheNextConnection() throws Exception {
        connects();
        replace(folder.resolve("stranger.crt"), chain);
        replace(folder.resolve("stranger.key"), key);
        assertThatThrownBy(() -> gateway.connect()).isInstanceOf(SQLException.class);
    }

    @Test
    void whatDoesNotChangeIsMadeOnce() throws IOException {
        TargetTls tls = new TargetTls();
        SslContext first = tls.context(given, copied);
        assertThat(tls.context(given, copied)).isSameAs(first);
        assertThat(tls.context(given, verified)).isNotSameAs(first);
    }

    @Test
    void norIsWhatTheJdkTrustsReadMoreThanOnce() throws IOException {
        TargetTls tls = new TargetTls();
        Target.Tls.VerifyFull jdks =
                new Target.Tls.VerifyFull(Optional.empty(), ChannelBinding.PREFER, Optional.empty());
        assertThat(tls.context(given, jdks)).isSameAs(tls.context(given, jdks));
    }

    private void connects() throws SQLException {
        try (Connection connection = gateway.connect()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    private static void replace(Path by, Path file) throws IOException {
        Files.copy(by, file, StandardCopyOption.REPLACE_EXISTING);
    }
}
