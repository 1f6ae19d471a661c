package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Invariant 1: no identity both requests and approves, whatever way it takes and whatever it may do besides. */
@ExtendWith(SharedDemo.class)
class NobodyApprovesTheirOwnRequest {

    @Test
    void theRequesterIsRefusedByTheDecisionAndTheAttemptIsRecorded(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 20 /* mine */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);

            Api.Reply refused = demo.api("alice").vote(request, "approve", "I know what I am doing");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.type()).startsWith("application/problem+json");
            assertThat(demo.api("bob").request(request).get("state").asText()).isEqualToIgnoringCase("pending");
            assertThat(demo.api("dave").records().toString()).contains("vote-refused");
        }
        assertThat(demo.targetLog()).doesNotContain("/* mine */");
    }

    @Test
    void anApproverWhoAsksNeedsAnotherApprover(Demo demo) {
        // An agent acts for bob: bob stands in the chain as its origin, and so may not approve.
        String token = demo.token("alice", "deploy-bot");
        String delete = "DELETE FROM orders WHERE id = 21 /* by the agent */;";
        try (Program psql = demo.psqlWithToken(token)) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);

            assertThat(demo.api("bob").request(request).toString())
                    .contains("deploy-bot")
                    .contains("alice");
            assertThat(demo.api("alice")
                            .vote(request, "approve", "for my agent")
                            .status())
                    .isEqualTo(403);
            assertThat(demo.api("bob").vote(request, "approve", "fine").status())
                    .isEqualTo(200);
            psql.awaitText("DELETE").finish();
        }
    }

    @Test
    void anAgentNeverCounts(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 22 /* agent votes */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);

            Api agentOfBob = demo.apiWithToken(demo.token("bob", "deploy-bot"));
            assertThat(agentOfBob.vote(request, "approve", "on behalf of bob").status())
                    .isEqualTo(403);
        }
    }

    @Test
    void whoIsInNoApproverGroupMayNotApproveEither(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 23 /* outsiders */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);
            for (String outsider : new String[] {"dave", "erin"}) {
                assertThat(demo.api(outsider)
                                .vote(request, "approve", "I am important")
                                .status())
                        .as(outsider)
                        .isEqualTo(403);
            }
        }
    }
}
