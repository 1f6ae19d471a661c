package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TheDevelopmentIssuerTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final JsonMapper json = new JsonMapper();

    @TempDir
    Path folder;

    private Secrets secrets;
    private DevelopmentIssuer issuer;
    private String address;

    @BeforeEach
    void start() {
        int port = Ports.preferred(0);
        secrets = new Secrets(folder);
        address = DevelopmentIssuer.address(port);
        issuer = DevelopmentIssuer.start(
                port, SigningKey.keptIn(folder.resolve("key.json")), secrets, Clock.systemUTC());
    }

    @AfterEach
    void stop() {
        issuer.close();
        client.close();
    }

    @Test
    void saysWhereItsKeysAre() throws Exception {
        JsonNode configuration =
                json.readTree(get("/.well-known/openid-configuration").body());

        assertThat(configuration.path("issuer").asText()).isEqualTo(address);
        assertThat(configuration.path("jwks_uri").asText()).isEqualTo(address + "/jwks");
        assertThat(json.readTree(get("/jwks").body())
                        .path("keys")
                        .path(0)
                        .path("crv")
                        .asText())
                .isEqualTo("P-256");
    }

    @Test
    void givesATokenForADemoPasswordWithTheAgentsNamed() throws Exception {
        HttpResponse<String> answer = post("grant_type=password&username=alice&actor=planner&actor=runner&password="
                + DemoLogin.named("alice").password(secrets));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        String token = json.readTree(answer.body()).path("access_token").asText();
        JsonNode claims = json.readTree(Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]));
        assertThat(claims.path("iss").asText()).isEqualTo(address);
        assertThat(claims.path("act").path("sub").asText()).isEqualTo("runner");
    }

    @Test
    void refusesAWrongPasswordAndAStrangerAlike() throws Exception {
        assertThat(error(post("grant_type=password&username=alice&password=guess")))
                .isEqualTo("400 invalid_grant");
        assertThat(error(post("grant_type=password&username=mallory&password=guess")))
                .isEqualTo("400 invalid_grant");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() throws Exception {
        assertThat(error(post("grant_type=client_credentials"))).isEqualTo("400 unsupported_grant_type");
        assertThat(error(post("grant_type=%zz"))).isEqualTo("400 invalid_request");
        assertThat(error(post("x=" + "y".repeat(20_000)))).isEqualTo("413 invalid_request");
        assertThat(error(get("/token"))).isEqualTo("405 invalid_request");
    }

    private String error(HttpResponse<String> answer) throws IOException {
        return answer.statusCode() + " "
                + json.readTree(answer.body()).path("error").asText();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(String form) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(address + "/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
