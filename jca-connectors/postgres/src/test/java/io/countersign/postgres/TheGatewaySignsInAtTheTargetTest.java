package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Target;
import io.countersign.api.Target.ChannelBinding;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TheGatewaySignsInAtTheTargetTest extends GatewayTest {

    private static final String SECRET = "s3cret-of-the-target";

    @BeforeAll
    static void makeUsers() {
        TARGET.run(
                "DROP ROLE IF EXISTS by_md5",
                "DROP ROLE IF EXISTS by_password",
                "SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD '" + SECRET + "'",
                "CREATE ROLE by_password LOGIN PASSWORD '" + SECRET + "'",
                "DROP ROLE IF EXISTS by_certificate",
                "CREATE ROLE by_certificate LOGIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_md5", "by_password"})
    void inOlderWaysWhereTlsHasVerifiedTheServer(String user) throws SQLException {
        gateway.policy.target = TARGET.as(user, SECRET, TARGET.verified(ChannelBinding.PREFER));
        try (Connection connection = gateway.connect();
                var rows = connection.createStatement().executeQuery("SELECT current_user")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo(user);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_md5", "by_password"})
    void neverWhereAnybodyCouldBeTheServer(String user) {
        gateway.policy.target = TARGET.as(user, SECRET, new Target.Tls.Off());
        assertThatThrownBy(() -> gateway.connect())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("needs tls: verify-full")
                .hasMessageNotContaining(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"by_md5", "by_password"})
    void aWrongPasswordIsTheTargetsToRefuse(String user) {
        gateway.policy.target = TARGET.as(user, "wrong", TARGET.verified(ChannelBinding.PREFER));
        assertThatThrownBy(() -> gateway.connect()).hasMessageContaining("refuses the gateway's log-in (28P01)");
    }

    @Test
    void byACertificateAlone() throws SQLException {
        gateway.policy.target = TARGET.certified("by_certificate");
        try (Connection connection = gateway.connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT current_user, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()")) {
            rows.next();
            assertThat(rows.getString(1)).isEqualTo("by_certificate");
            assertThat(rows.getString(2)).isEqualTo("/CN=by_certificate");
        }
    }

    @Test
    void notByTheCertificateOfSomebodyElse() {
        gateway.policy.target = TARGET.certified(TargetServer.USER);
        assertThatThrownBy(() -> gateway.connect())
                .hasMessageContaining("asks for a password, and the policy gives none for it");
    }

    @Test
    void notWithoutTheCertificateWhereTheTargetWantsOne() {
        gateway.policy.target = TARGET.as("by_certificate", SECRET, TARGET.verified(ChannelBinding.PREFER));
        assertThatThrownBy(() -> gateway.connect()).hasMessageContaining("refuses the gateway's log-in (28000)");
    }

    @Test
    void notByAKeyThatCannotBeRead() {
        Target right = TARGET.certified("by_certificate");
        gateway.policy.target = new Target(
                right.name(),
                right.protocol(),
                right.host(),
                right.port(),
                right.database(),
                right.user(),
                right.password(),
                new Target.Tls.VerifyFull(
                        Optional.empty(),
                        ChannelBinding.PREFER,
                        Optional.of(new Target.ClientCertificate(Path.of("/no/such.crt"), Path.of("/no/such.key")))));
        assertThatThrownBy(() -> gateway.connect())
                .hasMessageContaining("cannot be reached")
                .hasMessageNotContaining("/no/such");
    }
}
