package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.AlgorithmParameters;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ATokenOfTheDevelopmentIssuerTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final String ISSUER = "http://127.0.0.1:4711";

    @Test
    void saysWhoTheLoginIsAndForWhomItIsMeant() {
        ObjectNode claims = claims();

        assertThat(claims.path("iss").asText()).isEqualTo(ISSUER);
        assertThat(claims.path("aud").asText()).isEqualTo("countersign");
        assertThat(claims.path("sub").asText()).isEqualTo("alice");
        assertThat(claims.path("preferred_username").asText()).isEqualTo("alice");
        assertThat(claims.path("name").asText()).isEqualTo("Alice Adams");
        assertThat(claims.path("email").asText()).isEqualTo("alice@example.com");
        assertThat(claims.path("groups").toString()).isEqualTo("[\"support\"]");
        assertThat(claims.has("act")).isFalse();
    }

    @Test
    void livesAsLongAsAskedAndToleratesAClockThatIsBehind() {
        ObjectNode claims = TokenClaims.of(DemoLogin.named("bob"), List.of(), ISSUER, NOON, Duration.ofSeconds(90));

        assertThat(claims.path("iat").asLong()).isEqualTo(NOON.getEpochSecond());
        assertThat(claims.path("auth_time").asLong()).isEqualTo(NOON.getEpochSecond());
        assertThat(claims.path("exp").asLong()).isEqualTo(NOON.getEpochSecond() + 90);
        assertThat(claims.path("nbf").asLong()).isEqualTo(NOON.getEpochSecond() - 30);
    }

    @Test
    void isNeverTheSameTwice() {
        assertThat(claims().path("jti").asText())
                .isNotEqualTo(claims().path("jti").asText());
    }

    @Test
    void namesTheAgentThatActsNowOutermostAndEarlierOnesInsideIt() {
        assertThat(claims("planner", "runner").path("act").toString())
                .isEqualTo("{\"sub\":\"runner\",\"act\":{\"sub\":\"planner\"}}");
    }

    @Test
    void isNotMadeForAStrangerNorForAWeek() {
        assertThatThrownBy(() -> DemoLogin.named("mallory"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("alice, bob");
        assertThatThrownBy(() -> TokenClaims.of(DemoLogin.named("alice"), List.of(), ISSUER, NOON, Duration.ofDays(7)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("1 to 86400 seconds");
    }

    @Test
    void isSignedWithTheKeyThatTheIssuerPublishesAtThisStartAndTheNext(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("key.json");
        String token = SigningKey.keptIn(file).sign(claims());

        SigningKey nextStart = SigningKey.keptIn(file);
        JsonNode published = nextStart.publicKeys().path("keys").path(0);
        String[] parts = token.split("\\.", -1);
        JsonNode header = new JsonMapper().readTree(Base64.getUrlDecoder().decode(parts[0]));
        assertThat(header.path("alg").asText()).isEqualTo("ES256");
        assertThat(header.path("kid").asText()).isEqualTo(published.path("kid").asText());
        assertThat(published.has("d")).isFalse();
        assertThat(verifies(published, parts)).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void cannotBeSignedWithADamagedKey(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("key.json"), "{}");

        assertThatThrownBy(() -> SigningKey.keptIn(file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("Delete it");
    }

    private static ObjectNode claims(String... agents) {
        return TokenClaims.of(DemoLogin.named("alice"), List.of(agents), ISSUER, NOON, Duration.ofHours(1));
    }

    private static boolean verifies(JsonNode jwk, String[] parts) throws Exception {
        AlgorithmParameters curve = AlgorithmParameters.getInstance("EC");
        curve.init(new ECGenParameterSpec("secp256r1"));
        ECPoint point = new ECPoint(number(jwk.path("x")), number(jwk.path("y")));
        PublicKey key = KeyFactory.getInstance("EC")
                .generatePublic(new ECPublicKeySpec(point, curve.getParameterSpec(ECParameterSpec.class)));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(key);
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        return signature.verify(Base64.getUrlDecoder().decode(parts[2]));
    }

    private static BigInteger number(JsonNode coordinate) {
        return new BigInteger(1, Base64.getUrlDecoder().decode(coordinate.asText()));
    }
}
