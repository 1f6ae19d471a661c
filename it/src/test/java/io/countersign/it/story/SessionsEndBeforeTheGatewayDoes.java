package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import org.junit.jupiter.api.Test;

/** A gateway that is stopped as ops stop it ends its sessions first: clients are told why, and nothing of them is lost. */
class SessionsEndBeforeTheGatewayDoes {

    @Test
    void theirEndsAndTheirLastAnswersAreOnRecord() {
        Demo first = Demo.start("stopped");
        try (Program idle = first.psql("alice", "-At");
                Program held = first.psql("alice")) {
            idle.type("SELECT 'the last ' || 'answer';").awaitText("the last answer");
            held.type("DELETE FROM orders WHERE id = 7;").awaitText("held for approval");
            first.close();
            held.awaitText("the gateway is stopping");
        } finally {
            first.close();
        }

        try (Demo second = Demo.startIn(first.data())) {
            Api dave = second.api("dave");
            JsonNode sessions = dave.get("/sessions").json();
            assertThat(sessions)
                    .hasSizeGreaterThanOrEqualTo(2)
                    .allSatisfy(session ->
                            assertThat(session.path("reason").asText()).isEqualTo("the gateway is stopping"));
            assertThat(sessions)
                    .anySatisfy(session -> assertThat(
                                    dave.get("/sessions/" + session.get("id").asText() + "/recording")
                                            .text())
                            .contains("the last answer"));
            assertThat(second.api("bob").get("/requests?state=abandoned").json())
                    .hasSize(1);
        }
    }
}
