package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Credential;
import io.countersign.api.Secret;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.SaslInitialResponse;
import io.countersign.postgres.message.SaslResponse;
import io.countersign.postgres.message.StartupPacket.Startup;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ATokenComesByOAuthBearerTest {

    private static final String WHERE_TO_GET_ONE = """
            {"status":"invalid_token","openid-configuration":"https://issuer.test/.well-known/openid-configuration","scope":"openid countersign"}""";

    private static final ClientSignIn SIGN_IN = new ClientSignIn(
            ClientSignIn.Way.OAUTHBEARER,
            Optional.of(new ClientSignIn.Issuer(URI.create("https://issuer.test"), "openid countersign")));

    @TempDir
    static Path folder;

    private static Certificate certificate;
    private GatewayUnderTest gateway;

    @BeforeAll
    static void makeACertificate() throws IOException {
        certificate = Certificate.make(folder, "gateway");
        certificate.write();
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void inTheFirstMessage(String message) throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(first(message));
            assertThat(client.readToReady().getFirst()).isEqualTo(new Authentication.Ok());
            client.send(new Query("SELECT 1"));
            assertThat(client.readToReady()).hasSize(4);
        }
        assertThat(gateway.policy.credentials).containsExactly(new Credential.BearerToken(Secret.of(Policy.TOKEN)));
    }

    static List<String> messages() {
        return List.of(
                "n,,\1auth=Bearer a-token\1\1",
                "y,,\1auth=bEARER   a-token\1\1",
                "n,a=,\1auth=Bearer a-token\1\1",
                "n,,\1host=db\1port=5432\1auth=Bearer a-token\1\1");
    }

    @Test
    void orWhenItIsAskedForOnceMore() throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(new SaslInitialResponse(OAuthBearer.MECHANISM, Optional.empty()));
            assertThat(client.read()).isEqualTo(new Authentication.SaslContinue(""));
            client.send(new SaslResponse(Secret.of("n,,\1auth=Bearer a-token\1\1")));
            assertThat(client.readToReady().getFirst()).isEqualTo(new Authentication.Ok());
        }
    }

    @Test
    void whoHasNoneIsToldWhereToGetOne() throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(first("n,,\1auth=\1\1"));
            assertThat(client.read()).isEqualTo(new Authentication.SaslContinue(WHERE_TO_GET_ONE));
            client.send(new SaslResponse(Secret.of("\1")));
            assertThat(client.readToEnd())
                    .containsExactly(Report.fatal("28000", "a bearer token is needed to sign in")
                            .hint("Get one of https://issuer.test."));
        }
        assertThat(gateway.policy.signIns).isEmpty();
    }

    @Test
    void soIsWhoseTokenIsNoGood() throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(first("n,,\1auth=Bearer forged\1\1"));
            assertThat(client.read()).isEqualTo(new Authentication.SaslContinue(WHERE_TO_GET_ONE));
            client.send(new SaslResponse(Secret.of("\1")));
            assertThat(client.readToEnd())
                    .containsExactly(
                            Report.fatal("28000", "the token is not valid").hint("Fetch a new one."));
        }
        assertThat(gateway.policy.closings).isEmpty();
    }

    @Test
    void whoHasFailedCannotTryAgainOnTheSameConnection() throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(first("n,,\1auth=Bearer forged\1\1"));
            client.read();
            client.send(new SaslResponse(Secret.of("n,,\1auth=Bearer a-token\1\1")));
            assertThat(refusal(client)).contains("after it has failed");
        }
        assertThat(gateway.policy.credentials).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void whatIsNotAsTheRfcHasItIsRefused(FrontendMessage answer, String reason) throws Exception {
        open(SIGN_IN);
        try (RawClient client = started(Map.of())) {
            client.send(answer);
            assertThat(refusal(client)).contains(reason).doesNotContain("a-token");
        }
        assertThat(gateway.policy.signIns).isEmpty();
    }

    static List<Object[]> broken() {
        String shape = "is not as RFC 7628 has it";
        return List.of(
                new Object[] {new SaslInitialResponse("SCRAM-SHA-256", Optional.of(Secret.of("n,,"))), "not offered"},
                new Object[] {new PasswordMessage(Secret.of("a-token")), "SASLInitialResponse"},
                new Object[] {first(""), shape},
                new Object[] {first("\1"), shape},
                new Object[] {first("n,,\1auth=Bearer a-token\1"), shape},
                new Object[] {first("n,,auth=Bearer a-token\1\1"), shape},
                new Object[] {first("p=tls-server-end-point,,\1auth=Bearer a-token\1\1"), shape},
                new Object[] {first("n,,\1auth=Bearer a-token\1\1\1"), shape},
                new Object[] {first("n,,\1au th=Bearer a-token\1\1"), shape},
                new Object[] {first("n,a=bob,\1auth=Bearer a-token\1\1"), "authorization identity"},
                new Object[] {first("n,,\1\1"), "has no token"},
                new Object[] {first("n,,\1host=db\1\1"), "has no token"},
                new Object[] {first("n,,\1auth=Bearer a-token\1auth=Bearer b\1\1"), "two tokens"},
                new Object[] {first("n,,\1auth=Basic a-token\1\1"), "no bearer token"},
                new Object[] {first("n,,\1auth=Bearer\1\1"), "no bearer token"},
                new Object[] {first("n,,\1auth=Bearer a-token b\1\1"), "no bearer token"});
    }

    @ParameterizedTest
    @CsvSource({
        "PASSWORD,    ,            password",
        "PASSWORD,    oauthbearer, oauthbearer",
        "OAUTHBEARER, ,            oauthbearer",
        "OAUTHBEARER, password,    password",
        "OAUTHBEARER, OAuthBearer, oauthbearer"
    })
    void theListenerSaysWhichWayAndAClientMayChooseTheOther(ClientSignIn.Way usual, String chosen, String asked)
            throws Exception {
        open(new ClientSignIn(usual, SIGN_IN.issuer()));
        Map<String, String> options = chosen == null ? Map.of() : Map.of("options", "-c countersign.sign_in=" + chosen);
        try (RawClient client = connected()) {
            client.send(startup(options));
            assertThat(client.read())
                    .isEqualTo(
                            asked.equals("password")
                                    ? new Authentication.CleartextPassword()
                                    : new Authentication.Sasl(List.of("OAUTHBEARER")));
            client.send(
                    asked.equals("password")
                            ? new PasswordMessage(Secret.of(Policy.TOKEN))
                            : first("n,,\1auth=Bearer a-token\1\1"));
            assertThat(client.readToReady().getFirst()).isEqualTo(new Authentication.Ok());
        }
    }

    @Test
    void notInTheClear() throws Exception {
        open(SIGN_IN);
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(startup(Map.of()));
            assertThat(refusal(client)).contains("OAUTHBEARER needs an encrypted connection");
        }
    }

    @Test
    void notWhereNobodyKnowsAnIssuer() throws Exception {
        open(ClientSignIn.BY_PASSWORD);
        try (RawClient client = connected()) {
            client.send(startup(Map.of("options", "-c countersign.sign_in=oauthbearer")));
            assertThat(refusal(client)).contains("does not offer sign-in by OAUTHBEARER");
        }
    }

    @Test
    void notInAWayThatThereIsNot() throws Exception {
        open(SIGN_IN);
        try (RawClient client = connected()) {
            client.send(startup(Map.of("options", "-c countersign.sign_in=gss")));
            assertThat(refusal(client)).contains("'gss' is not one of password, oauthbearer");
        }
    }

    /** A program on PostgreSQL 18's own libpq: it asks where to get a token, gets one, and connects again. */
    @Test
    void libpqOf18FindsItsWay() throws Exception {
        open(SIGN_IN);
        Path program = OAuthProgram.compiled(folder);
        assertThat(run(program, Policy.TOKEN)).isEqualTo("""
                        a token of https://issuer.test/.well-known/openid-configuration for openid countersign
                        1
                        """);
        assertThat(gateway.policy.credentials).hasSize(1);
        assertThat(run(program, "forged")).contains("FATAL:  the token is not valid");
    }

    private String run(Path program, String token) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        program.toString(),
                        "host=localhost port=" + gateway.number() + " dbname=shop user=alice sslmode=verify-full"
                                + " sslrootcert=" + folder.resolve("gateway.crt")
                                + " require_auth=oauth oauth_issuer=https://issuer.test oauth_client_id=test",
                        token)
                .redirectErrorStream(true);
        builder.environment()
                .put("LD_LIBRARY_PATH", TargetServer.running().libraries().toString());
        Process process = builder.start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void open(ClientSignIn signIn) throws Exception {
        gateway = new GatewayUnderTest(
                ServerTls.load(
                        ServerTls.Mode.OPTIONAL, certificate.keyStore(), certificate.password(), PostgresPort.ALPN),
                signIn,
                100);
    }

    private RawClient connected() throws Exception {
        RawClient client = new RawClient(gateway.number());
        client.encrypt(certificate, PostgresPort.ALPN);
        return client;
    }

    private RawClient started(Map<String, String> options) throws Exception {
        RawClient client = connected();
        client.send(startup(options));
        assertThat(client.read()).isEqualTo(new Authentication.Sasl(List.of("OAUTHBEARER")));
        return client;
    }

    private static Startup startup(Map<String, String> options) {
        Map<String, String> parameters = new java.util.LinkedHashMap<>(Map.of("user", "alice", "database", "shop"));
        parameters.putAll(options);
        return new Startup(3, 2, parameters);
    }

    private static SaslInitialResponse first(String message) {
        return new SaslInitialResponse(OAuthBearer.MECHANISM, Optional.of(Secret.of(message)));
    }

    private static String refusal(RawClient client) throws IOException {
        return ((Report) client.readToEnd().getLast()).message();
    }
}
