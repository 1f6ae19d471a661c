package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPIssuer;
import com.nimbusds.oauth2.sdk.dpop.verifiers.DPoPProofUse;
import com.nimbusds.oauth2.sdk.id.JWTID;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import com.nimbusds.oauth2.sdk.util.singleuse.AlreadyUsedException;
import io.countersign.api.Secret;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** RFC 9449 §4.3: everything that a proof must be, one thing wrong at a time. */
class ABoundTokenNeedsProofOfItsKeyTest {

    private static final URI VOTES = URI.create("https://gateway.example/api/requests/7/votes");
    private static final Secret TOKEN = Secret.of("the.bound.token");

    private final KeyProofs proofs = new KeyProofs(Clock.systemUTC());
    private ECKey key;
    private ECKey other;

    @BeforeEach
    void makeKeys() throws JOSEException {
        key = new ECKeyGenerator(Curve.P_256).generate();
        other = new ECKeyGenerator(Curve.P_256).generate();
    }

    @Test
    void aProofForThisRequestIsAcceptedOnce() throws JOSEException {
        String proof = proof(key, "POST", VOTES, 0, TOKEN);

        assertThat(lacking(proof)).isEmpty();
        refused("again", proof, "used");
    }

    @Test
    void theQueryIsNotPartOfTheAddress() throws JOSEException {
        assertThat(lacking(bound(), proof(key, "GET", VOTES, 0, TOKEN), "GET", URI.create(VOTES + "?limit=1")))
                .isEmpty();
    }

    @Test
    void whatIsNotForThisRequestIsRefused() throws JOSEException {
        Map<String, String> wrong = new LinkedHashMap<>();
        wrong.put("another method", proof(key, "GET", VOTES, 0, TOKEN));
        wrong.put(
                "another address",
                proof(key, "POST", URI.create("https://gateway.example/api/requests/8/votes"), 0, TOKEN));
        wrong.put(
                "another host", proof(key, "POST", URI.create("https://evil.example/api/requests/7/votes"), 0, TOKEN));
        wrong.put("too old", proof(key, "POST", VOTES, -90, TOKEN));
        wrong.put("of the future", proof(key, "POST", VOTES, 60, TOKEN));
        wrong.put("another token's", proof(key, "POST", VOTES, 0, Secret.of("another.bound.token")));
        wrong.put(
                "no token's",
                new DefaultDPoPProofFactory(key, JWSAlgorithm.ES256)
                        .createDPoPJWT("POST", VOTES)
                        .serialize());
        wrong.put("another key's", proof(other, "POST", VOTES, 0, TOKEN));
        wrong.put("not a proof", "proof");
        wrong.put("longer than any", "x".repeat(9_000));
        wrong.forEach((what, proof) -> refused(what, proof, "not acceptable"));
    }

    @Test
    void aForgedProofIsRefused() throws JOSEException, ParseException {
        SignedJWT good = SignedJWT.parse(proof(key, "POST", VOTES, 0, TOKEN));
        // The victim's key in the header, another's signature below.
        SignedJWT forged = new SignedJWT(good.getHeader(), good.getJWTClaimsSet());
        forged.sign(new ECDSASigner(other));
        refused("another's signature", forged.serialize(), "not acceptable");

        SignedJWT untyped = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(JOSEObjectType.JWT)
                        .jwk(key.toPublicJWK())
                        .build(),
                good.getJWTClaimsSet());
        untyped.sign(new ECDSASigner(key));
        refused("an ordinary token in the place of a proof", untyped.serialize(), "not acceptable");

        SignedJWT keyless = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("dpop+jwt"))
                        .build(),
                good.getJWTClaimsSet());
        keyless.sign(new ECDSASigner(key));
        refused("no key", keyless.serialize(), "another key");
    }

    @Test
    void withoutAProofTheTokenProvesNothing() throws JOSEException {
        assertThat(bound().lacking(TOKEN, Possession.NONE, proofs)).hasValueSatisfying(unknown -> {
            assertThat(unknown.reason()).contains("bound to a key");
            assertThat(unknown.fault()).isEqualTo(SignedIn.Fault.TOKEN);
        });
    }

    @Test
    void anUnboundTokenGoesOnAsBearerOnly() throws JOSEException {
        Confirmation unbound = Confirmation.of(new JWTClaimsSet.Builder().build());
        assertThat(unbound.lacking(TOKEN, Possession.NONE, proofs)).isEmpty();
        assertThat(lacking(unbound, proof(key, "POST", VOTES, 0, TOKEN), "POST", VOTES))
                .hasValueSatisfying(unknown -> assertThat(unknown.reason()).contains("not bound"));
    }

    @Test
    void whatKeycloakSaysBesideTheKeyIsUnderstood() throws JOSEException {
        Confirmation bound = Confirmation.of(new JWTClaimsSet.Builder()
                .claim("cnf", Map.of("jkt", thumbprint(), "kc-jkt-type", "DPoP"))
                .build());
        assertThat(lacking(bound, proof(key, "POST", VOTES, 0, TOKEN), "POST", VOTES))
                .isEmpty();
        assertThat(lacking(bound, proof(other, "POST", VOTES, 0, TOKEN), "POST", VOTES))
                .isPresent();
    }

    @Test
    void aProofIsNoCertificate() throws JOSEException {
        Confirmation certificate = Confirmation.of(new JWTClaimsSet.Builder()
                .claim("cnf", Map.of("x5t#S256", thumbprint()))
                .build());
        assertThat(lacking(certificate, proof(key, "POST", VOTES, 0, TOKEN), "POST", VOTES))
                .isPresent();
    }

    @Test
    void usedProofsAreForgottenWhenTheyAreTooOldToBeUsed() throws AlreadyUsedException {
        Instant[] now = {Instant.parse("2026-03-02T12:00:00Z")};
        UsedProofs used =
                new UsedProofs(((InstantSource) () -> now[0]).withZone(ZoneOffset.UTC), Duration.ofSeconds(140), 2);
        used.markAsUsed(use("one"));
        used.markAsUsed(use("two"));
        Assertions.assertThatExceptionOfType(AlreadyUsedException.class).isThrownBy(() -> used.markAsUsed(use("one")));
        Assertions.assertThatExceptionOfType(AlreadyUsedException.class)
                .isThrownBy(() -> used.markAsUsed(use("three")))
                .withMessageContaining("too many");
        now[0] = now[0].plusSeconds(141);
        used.markAsUsed(use("three"));
        used.markAsUsed(use("one"));
    }

    private static DPoPProofUse use(String id) {
        return new DPoPProofUse(new DPoPIssuer("key"), new JWTID(id), 60);
    }

    private void refused(String what, String proof, String why) {
        assertThat(lacking(proof)).as(what).hasValueSatisfying(unknown -> {
            assertThat(unknown.reason()).as(what).contains(why);
            assertThat(unknown.fault()).as(what).isEqualTo(SignedIn.Fault.PROOF);
        });
    }

    private Optional<SignedIn.Unknown> lacking(String proof) {
        return lacking(bound(), proof, "POST", VOTES);
    }

    private Optional<SignedIn.Unknown> lacking(Confirmation token, String proof, String method, URI uri) {
        return token.lacking(TOKEN, Possession.of(new KeyProof(Secret.of(proof), method, uri)), proofs);
    }

    private Confirmation bound() {
        return Confirmation.of(new JWTClaimsSet.Builder()
                .claim("cnf", Map.of("jkt", thumbprint()))
                .build());
    }

    private String thumbprint() {
        try {
            return key.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String proof(ECKey by, String method, URI uri, int seconds, Secret token) throws JOSEException {
        return new DefaultDPoPProofFactory(by, JWSAlgorithm.ES256)
                .createDPoPJWT(
                        new JWTID(),
                        method,
                        uri,
                        Date.from(Instant.now().plusSeconds(seconds)),
                        new DPoPAccessToken(token.reveal()))
                .serialize();
    }
}
