package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.oauth2.sdk.dpop.DPoPProofFactory;
import com.nimbusds.oauth2.sdk.dpop.DefaultDPoPProofFactory;
import com.nimbusds.oauth2.sdk.token.DPoPAccessToken;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Keycloak;
import io.countersign.it.world.Program;
import io.countersign.it.world.WithKeycloak;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A token that Keycloak bound to a key (RFC 9449) is worth nothing to whoever only has the token. */
@ExtendWith(WithKeycloak.class)
class ABoundTokenNeedsItsKey {

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void withAProofForEachRequestItsHolderIsKnown(Keycloak keycloak, Demo demo) throws Exception {
        DPoPProofFactory key = newKey();
        String token = keycloak.byPassword("ben", key);
        URI me = URI.create(demo.described().get("api").asText() + "/me");

        String proof = proof(key, me, token);
        HttpResponse<String> known = get(me, "Authorization", "DPoP " + token, "DPoP", proof);
        assertThat(known.statusCode()).as(known.body()).isEqualTo(200);
        assertThat(known.body()).contains("ben");

        HttpResponse<String> again = get(me, "Authorization", "DPoP " + token, "DPoP", proof);
        assertThat(again.statusCode()).isEqualTo(401);
        assertThat(again.headers().allValues("WWW-Authenticate"))
                .anyMatch(challenge ->
                        challenge.startsWith("DPoP") && challenge.contains("error=\"invalid_dpop_proof\""));
        assertThat(get(me, "Authorization", "DPoP " + token, "DPoP", proof(newKey(), me, token))
                        .statusCode())
                .isEqualTo(401);
        assertThat(get(me, "Authorization", "DPoP " + token).statusCode()).isEqualTo(401);
    }

    @Test
    void asABearerTokenOrInPsqlItIsRefused(Keycloak keycloak, Demo demo) throws Exception {
        String token = keycloak.byPassword("ben", newKey());
        URI me = URI.create(demo.described().get("api").asText() + "/me");

        HttpResponse<String> refused = get(me, "Authorization", "Bearer " + token);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("bound to a key");
        assertThat(refused.headers().allValues("WWW-Authenticate"))
                .anyMatch(challenge -> challenge.startsWith("Bearer") && challenge.contains("error=\"invalid_token\""))
                .anyMatch(challenge -> challenge.startsWith("DPoP") && challenge.contains("algs=\"ES256 "));
        try (Program psql = demo.psqlWithToken(token, "-c", "SELECT 1")) {
            assertThat(psql.finish().err()).contains("FATAL").contains("bound to a key");
        }
        assertThat(get(me, "Authorization", "Bearer " + keycloak.byPassword("ben"))
                        .statusCode())
                .isEqualTo(200);
    }

    private HttpResponse<String> get(URI address, String... headers) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(address).headers(headers).build(), BodyHandlers.ofString());
    }

    private static DPoPProofFactory newKey() throws JOSEException {
        return new DefaultDPoPProofFactory(new ECKeyGenerator(Curve.P_256).generate(), JWSAlgorithm.ES256);
    }

    private static String proof(DPoPProofFactory key, URI address, String token) throws JOSEException {
        return key.createDPoPJWT("GET", address, new DPoPAccessToken(token)).serialize();
    }
}
