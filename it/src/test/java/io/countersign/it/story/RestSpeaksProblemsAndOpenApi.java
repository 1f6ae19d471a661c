package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST interface for CI and agents: bearer tokens only, errors as RFC 9457 problem JSON, OpenAPI served. */
@ExtendWith(SharedDemo.class)
class RestSpeaksProblemsAndOpenApi {

    @ParameterizedTest
    @ValueSource(strings = {"pending", "ready", "approved", "rejected", "expired", "withdrawn", "abandoned"})
    void theQueueIsFilteredByState(String state, Demo demo) {
        Api.Reply reply = demo.api("bob").get("/requests?state=" + state);
        assertThat(reply.status()).isEqualTo(200);
        for (var each : reply.json()) {
            assertThat(each.get("state").asText()).isEqualToIgnoringCase(state);
        }
    }

    @Test
    void anUnknownStateIsAProblem(Demo demo) {
        problem(demo.api("bob").get("/requests?state=lost"), 400);
    }

    @Test
    void anUnknownRequestIsAProblem(Demo demo) {
        problem(demo.api("bob").get("/requests/999999999"), 404);
        problem(demo.api("bob").vote(999_999_999, "approve", "what?"), 404);
    }

    @Test
    void aMeaninglessVoteIsAProblem(Demo demo) {
        problem(demo.api("bob").post("/requests/1/votes", "{\"decision\": \"perhaps\"}"), 400);
        problem(demo.api("bob").post("/requests/1/votes", "not json"), 400);
    }

    @Test
    void strangersGetNothing(Demo demo) {
        problem(demo.apiWithToken("").get("/requests"), 401);
        problem(demo.apiWithToken("eyJhbGciOiJub25lIn0.e30.").get("/requests"), 401);
        String otherwise = demo.token("bob");
        problem(
                demo.apiWithToken(otherwise.substring(0, otherwise.length() - 6) + "AAAAAA")
                        .get("/requests"),
                401);
    }

    @Test
    void openApiDescribesTheResources(Demo demo) {
        Api.Reply reply = demo.api("bob").get("/openapi");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.text()).contains("/requests/{id}/votes").contains("/records");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/metrics", "/health", "/openapi", "/health/ready"})
    void thePlatformsOwnEndpointsAreNotOpenToStrangers(String path, Demo demo) {
        String root = demo.console().replaceFirst("(https?://[^/]+).*", "$1");
        Api.Reply reply = new Api(root, "").get(path);
        assertThat(reply.status()).as(path + ": " + reply.text()).isIn(302, 401, 403, 404);
    }

    private static void problem(Api.Reply reply, int status) {
        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.type()).startsWith("application/problem+json");
        assertThat(reply.json().get("status").asInt()).isEqualTo(status);
        assertThat(reply.json().get("title").asText()).isNotBlank();
    }
}
