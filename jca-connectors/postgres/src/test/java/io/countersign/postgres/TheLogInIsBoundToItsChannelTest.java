package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.api.Target.ChannelBinding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TheLogInIsBoundToItsChannelTest extends GatewayTest {

    @TempDir
    static Path folder;

    private static Certificate middle;

    @BeforeAll
    static void makeUsersAndACertificateInTheMiddle() throws IOException {
        middle = Certificate.make(folder, "middle");
        Files.writeString(folder.resolve("middle.crt"), middle.certificatePem());
        TARGET.run(
                "DROP ROLE IF EXISTS by_trust",
                "DROP ROLE IF EXISTS by_md5",
                "DROP ROLE IF EXISTS by_password",
                "CREATE ROLE by_trust LOGIN",
                "SET password_encryption = 'md5'; CREATE ROLE by_md5 LOGIN PASSWORD 'x'",
                "CREATE ROLE by_password LOGIN PASSWORD 'x'");
    }

    @Test
    void whereThePolicyDemandsIt() throws SQLException {
        gateway.policy.target =
                TARGET.as(TargetServer.USER, TargetServer.PASSWORD, TARGET.verified(ChannelBinding.REQUIRE));
        try (Connection connection = gateway.connect()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(ChannelBinding.class)
    void soThatNobodyInTheMiddleCanPassItOn(ChannelBinding binding) throws Exception {
        try (AManInTheMiddle between = new AManInTheMiddle(TARGET.port(), middle, true)) {
            gateway.policy.target = by(between, binding);
            assertThatThrownBy(() -> gateway.connect()).hasMessageContaining("refuses the gateway's log-in (28000)");
        }
    }

    @Test
    void andNobodyCanHideThatTheServerOffersIt() throws Exception {
        try (AManInTheMiddle between = new AManInTheMiddle(TARGET.port(), middle, false)) {
            gateway.policy.target = by(between, ChannelBinding.REQUIRE);
            assertThatThrownBy(() -> gateway.connect())
                    .hasMessageContaining("does not offer SCRAM with channel binding")
                    .hasMessageContaining("channel-binding: require");
            gateway.policy.target = by(between, ChannelBinding.PREFER);
            try (Connection connection = gateway.connect()) {
                assertThat(connection.isValid(5)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "by_trust,    lets the gateway in without channel binding",
        "by_md5,      asks for a password hashed by MD5 and not for SCRAM with channel binding",
        "by_password, asks for the password in clear text and not for SCRAM with channel binding"
    })
    void norAskForLess(String user, String refusal) throws SQLException {
        gateway.policy.target = TARGET.as(user, "x", TARGET.verified(ChannelBinding.REQUIRE));
        assertThatThrownBy(() -> gateway.connect()).hasMessageContaining(refusal);
        gateway.policy.target = TARGET.as(user, "x", TARGET.verified(ChannelBinding.PREFER));
        try (Connection connection = gateway.connect()) {
            assertThat(connection.isValid(5)).isTrue();
        }
    }

    private static Target by(AManInTheMiddle between, ChannelBinding binding) {
        return new Target(
                "shop",
                "postgres",
                "localhost",
                between.port(),
                "shop",
                TargetServer.USER,
                Optional.of(Secret.of(TargetServer.PASSWORD)),
                new Target.Tls.VerifyFull(Optional.of(folder.resolve("middle.crt")), binding, Optional.empty()));
    }
}
