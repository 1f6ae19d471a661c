package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.api.Target;
import io.countersign.api.Target.ChannelBinding;
import io.countersign.api.Verdict;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
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
    void byTheNewestPasswordToAskForItsCatalogueAsWell() throws SQLException {
        Mask mask = new Mask("items", new Mask.Selector.Column("**", "item"), Mask.Way.REDACT);
        gateway.policy.rule = command -> new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(mask))));
        TARGET.run(
                "DROP ROLE IF EXISTS by_password_of_today",
                "CREATE ROLE by_password_of_today LOGIN SUPERUSER PASSWORD 'yesterday'",
                "DROP TABLE IF EXISTS parcels",
                "CREATE TABLE parcels AS SELECT item FROM orders");
        gateway.policy.target = TARGET.as("by_password_of_today", "yesterday", TARGET.verified(ChannelBinding.PREFER));
        assertThat(first("SELECT item FROM orders")).isEqualTo("[redacted]");

        TARGET.run("ALTER ROLE by_password_of_today PASSWORD 'today'");
        gateway.policy.target = TARGET.as("by_password_of_today", "today", TARGET.verified(ChannelBinding.PREFER));
        assertThat(first("SELECT item FROM parcels")).isEqualTo("[redacted]");
    }

    private String first(String query) throws SQLException {
        try (Connection connection = gateway.connect();
                var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Test
    void andSaysSoWhereItIsTooBusyToDial() {
        EventLoop loop = new DefaultEventLoop();
        try {
            // Certificates are read by a worker; an address alone needs none.
            Target target = TARGET.as("by_password_of_today", "today", TARGET.verified(ChannelBinding.PREFER));
            PostgresTarget dialler = new PostgresTarget(target, new TargetTls(), loop, task -> {
                throw new RejectedExecutionException("no thread to give");
            });
            assertThat(dialler.dial(Map.of()).toCompletableFuture())
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableOfType(ExecutionException.class)
                    .withMessageContaining("target \"shop\" cannot be reached");
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
        }
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
