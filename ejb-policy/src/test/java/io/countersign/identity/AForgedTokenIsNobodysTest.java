package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.countersign.api.Digest;
import io.countersign.api.Identity;
import io.countersign.api.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A real issuer on loopback, and everything that people try with its tokens. */
class AForgedTokenIsNobodysTest {

    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private final AtomicInteger fetches = new AtomicInteger();
    private final AtomicInteger proofs = new AtomicInteger();
    private Instant now = NOW;
    private volatile JWKSet published = new JWKSet();
    private HttpServer server;
    private ECKey key;
    private String address;
    private TokenVerifier verifier;

    @BeforeEach
    void startTheIssuer() throws Exception {
        key = newKey("k1");
        published = new JWKSet(key.toPublicJWK());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/jwks", exchange -> {
            fetches.incrementAndGet();
            byte[] body = published.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
        verifier = new TokenVerifier(
                List.of(new Issuer(
                        "test",
                        address,
                        URI.create(address + "/jwks"),
                        "countersign",
                        Duration.ofSeconds(30),
                        true,
                        "groups",
                        "preferred_username")),
                new Agents(List.of(new Agents.Agent(
                        Optional.empty(),
                        new Agents.Sign.Subject(subject -> {
                            proofs.incrementAndGet();
                            return subject.startsWith("ci-");
                        }),
                        Optional.empty(),
                        Set.of(),
                        Set.of()))),
                new KeyProofs(Clock.systemUTC()),
                ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
    }

    @AfterEach
    void stopTheIssuer() {
        server.stop(0);
    }

    private static ECKey newKey(String id) throws JOSEException {
        return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    }

    private JWTClaimsSet.Builder alice() {
        return new JWTClaimsSet.Builder()
                .issuer(address)
                .audience("countersign")
                .subject("alice")
                .claim("preferred_username", "Alice Adams")
                .claim("groups", List.of("support"))
                .expirationTime(Date.from(NOW.plusSeconds(600)));
    }

    private static String signed(ECKey by, JWTClaimsSet claims) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(by.getKeyID()).build(), claims);
        token.sign(new ECDSASigner(by));
        return token.serialize();
    }

    private SignedIn verify(String token) {
        return verifier.verify(Secret.of(token));
    }

    private void refused(String token, String reason) {
        assertThat(verify(token)).isInstanceOfSatisfying(SignedIn.Unknown.class, unknown -> {
            assertThat(unknown.reason()).contains(reason);
            assertThat(unknown.hint()).isNotBlank();
        });
    }

    /** A refresh token gets a new one without anybody there. */
    @Test
    void whenItWasIssuedIsNotWhenSomebodySignedIn() throws JOSEException {
        JWTClaimsSet issued = alice().issueTime(Date.from(NOW.minusSeconds(1))).build();
        assertThat(verify(signed(key, issued)))
                .isInstanceOfSatisfying(
                        SignedIn.Known.class,
                        known -> assertThat(known.signedIn()).isEmpty());

        JWTClaimsSet told = new JWTClaimsSet.Builder(issued)
                .claim("auth_time", NOW.minusSeconds(90).getEpochSecond())
                .build();
        assertThat(verify(signed(key, told)))
                .isInstanceOfSatisfying(
                        SignedIn.Known.class,
                        known -> assertThat(known.signedIn()).hasValue(NOW.minusSeconds(90)));
    }

    @Test
    void aGoodOneIsItsSubjectWithItsGroups() throws JOSEException {
        assertThat(verify(signed(key, alice().build()))).isInstanceOfSatisfying(SignedIn.Known.class, known -> {
            Identity origin = known.chain().origin();
            assertThat(origin.subject()).isEqualTo("alice");
            assertThat(origin.name()).isEqualTo("Alice Adams");
            assertThat(origin.groups()).containsExactly("support");
            assertThat(origin.kind()).isEqualTo(Identity.Kind.PERSON);
            assertThat(known.expires()).isEqualTo(NOW.plusSeconds(600));
        });
    }

    @Test
    void nestedActorsAreReadOutermostPersonFirst() throws JOSEException {
        // RFC 8693 §4.1: the outermost act is the current actor.
        Map<String, Object> act = Map.of("sub", "second-bot", "act", Map.of("sub", "first-bot"));
        assertThat(verify(signed(key, alice().claim("act", act).build())))
                .isInstanceOfSatisfying(SignedIn.Known.class, known -> {
                    assertThat(known.chain().links().stream().map(Identity::subject))
                            .containsExactly("alice", "first-bot", "second-bot");
                    assertThat(known.chain().actor().kind()).isEqualTo(Identity.Kind.AGENT);
                });
    }

    @Test
    void aSubjectThatThePolicyCallsAnAgentIsOne() throws JOSEException {
        assertThat(verify(signed(key, alice().subject("ci-deploy").build())))
                .isInstanceOfSatisfying(
                        SignedIn.Known.class,
                        known -> assertThat(known.chain().origin().kind()).isEqualTo(Identity.Kind.AGENT));
    }

    @Test
    void whatIsBoundToACertificateIsForWhoHoldsItsKey() throws JOSEException {
        Digest own = Digest.of("own".getBytes(StandardCharsets.UTF_8));
        Digest another = Digest.of("another".getBytes(StandardCharsets.UTF_8));
        Map<String, Object> cnf =
                Map.of("x5t#S256", Base64URL.encode(own.bytes()).toString());
        String token = signed(key, alice().claim("cnf", cnf).build());
        // In turns: what was found good for one is not good for the next who has the token.
        for (int round = 0; round < 2; round++) {
            refused(token, "the connection showed none");
            assertThat(verifier.verify(Secret.of(token), new Possession(Optional.of(another))))
                    .isInstanceOfSatisfying(
                            SignedIn.Unknown.class,
                            unknown -> assertThat(unknown.reason()).contains("another client certificate"));
            assertThat(verifier.verify(Secret.of(token), new Possession(Optional.of(own))))
                    .isInstanceOf(SignedIn.Known.class);
        }
        String free = signed(key, alice().build());
        assertThat(verifier.verify(Secret.of(free), new Possession(Optional.of(own))))
                .isInstanceOf(SignedIn.Known.class);
    }

    static Stream<Object> notUnderstood() {
        Digest own = Digest.of("own".getBytes(StandardCharsets.UTF_8));
        String thumbprint = Base64URL.encode(own.bytes()).toString();
        return Stream.of(
                "own",
                List.of(thumbprint),
                Map.of(),
                Map.of("jkt", List.of(thumbprint)),
                Map.of("x5t", thumbprint),
                Map.of("x5t#S256", thumbprint, "jkt", thumbprint),
                Map.of("x5t#S256", List.of(thumbprint)),
                Map.of("x5t#S256", ""),
                Map.of("x5t#S256", thumbprint.substring(2)),
                Map.of("x5t#S256", "!" + thumbprint.substring(1)),
                Map.of("x5t#S256", own.toString()));
    }

    @ParameterizedTest
    @MethodSource("notUnderstood")
    void whatIsBoundInAWayThatIsNotUnderstoodIsNobodys(Object cnf) throws JOSEException {
        String token = signed(key, alice().claim("cnf", cnf).build());
        Possession own = new Possession(Optional.of(Digest.of("own".getBytes(StandardCharsets.UTF_8))));
        assertThat(verifier.verify(Secret.of(token), own))
                .isInstanceOfSatisfying(
                        SignedIn.Unknown.class,
                        unknown -> assertThat(unknown.reason()).contains("in a way that cannot be proved here"));
    }

    @Test
    void forgeriesAreRefused() throws JOSEException {
        refused("let-me-in", "not a signed token");
        refused("", "not a signed token");
        refused(new PlainJWT(alice().build()).serialize(), "not a signed token");
        refused(signed(newKey("k1"), alice().build()), "not acceptable");
        refused(signed(newKey("unknown"), alice().build()), "not acceptable");
        SignedJWT symmetric = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("k1").build(), alice().build());
        symmetric.sign(new MACSigner(key.toPublicJWK().toString()));
        refused(symmetric.serialize(), "not acceptable");
        String good = signed(key, alice().build());
        refused(good.substring(0, good.lastIndexOf('.') + 1), "not");
        refused("x".repeat(TokenVerifier.LONGEST_TOKEN + 1), "longer than");
    }

    @Test
    void whatIsMeantForOthersOrForAnotherTimeIsRefused() throws JOSEException {
        refused(signed(key, alice().audience("another").build()), "not acceptable");
        refused(signed(key, alice().issuer("https://elsewhere.example").build()), "not trusted");
        refused(
                signed(
                        key,
                        alice().expirationTime(Date.from(NOW.minusSeconds(31))).build()),
                "expired");
        refused(signed(key, alice().expirationTime(null).build()), "not acceptable");
        refused(
                signed(
                        key,
                        alice().notBeforeTime(Date.from(NOW.plusSeconds(31))).build()),
                "not acceptable");
        refused(signed(key, alice().subject(null).build()), "not acceptable");
        refused(signed(key, alice().claim("cnf", Map.of("jkt", "x")).build()), "bound to a key");
        refused(signed(key, alice().claim("act", "bot").build()), "'act' is not an object");
        refused(signed(key, alice().claim("act", Map.of("name", "bot")).build()), "no usable 'sub'");
        refused(signed(key, alice().claim("groups", "support").build()), "groups claim");
    }

    @Test
    void anEdwardsSignatureIsVerifiedToo() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        Base64URL point = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        published = new JWKSet(
                new OctetKeyPair.Builder(Curve.Ed25519, point).keyID("ed").build());
        assertThat(verify(edwards(pair, alice().build()))).isInstanceOf(SignedIn.Known.class);
        refused(edwards(other, alice().subject("bob").build()), "not acceptable");
        String cut = edwards(pair, alice().subject("carol").build());
        refused(cut.substring(0, cut.length() - 20), "not acceptable");
    }

    private static String edwards(KeyPair by, JWTClaimsSet claims) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.EdDSA).keyID("ed").build(), claims);
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(by.getPrivate());
        signature.update(token.getSigningInput());
        return new String(token.getSigningInput(), StandardCharsets.US_ASCII) + "."
                + Base64URL.encode(signature.sign());
    }

    @Test
    void anActorThatNamesNoIssuerHasThatOfTheActorAroundIt() throws JOSEException {
        Map<String, Object> act =
                Map.of("sub", "second-bot", "iss", "https://robots.example", "act", Map.of("sub", "first-bot"));
        assertThat(verify(signed(key, alice().claim("act", act).build())))
                .isInstanceOfSatisfying(
                        SignedIn.Known.class,
                        known -> assertThat(known.chain().links().stream().map(Identity::issuer))
                                .containsExactly(address, "https://robots.example", "https://robots.example"));
        refused(signed(key, alice().claim("act", Map.of("sub", "bot", "iss", 7)).build()), "no usable 'iss'");
    }

    @Test
    void whatWasProvenIsProvenAnewAfterAFewMinutes() throws JOSEException {
        String token = signed(key, alice().build());
        verify(token);
        now = NOW.plusSeconds(299);
        verify(token);
        assertThat(proofs).hasValue(1);
        now = NOW.plusSeconds(301);
        verify(token);
        assertThat(proofs).hasValue(2);
    }

    @Test
    void anEndlessChainIsRefused() throws JOSEException {
        Map<String, Object> act = Map.of("sub", "bot");
        for (int i = 0; i < 8; i++) {
            act = Map.of("sub", "bot" + i, "act", act);
        }
        refused(signed(key, alice().claim("act", act).build()), "more than 8 links");
    }

    @Test
    void aRotatedKeyIsTakenAtOnceAndAFloodOfUnknownOnesCostsLittle() throws JOSEException, IOException {
        verify(signed(key, alice().build()));
        ECKey next = newKey("k2");
        published = new JWKSet(List.of(key.toPublicJWK(), next.toPublicJWK()));
        assertThat(verify(signed(next, alice().build()))).isInstanceOf(SignedIn.Known.class);

        int before = fetches.get();
        for (int i = 0; i < 50; i++) {
            refused(signed(newKey("flood" + i), alice().build()), "");
        }
        assertThat(fetches.get() - before).isLessThanOrEqualTo(2);
        assertThat(verify(signed(key, alice().build()))).isInstanceOf(SignedIn.Known.class);
    }
}
