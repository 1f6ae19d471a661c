package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: one person asks under one account and approves under another. */
@ExtendWith(SharedDemo.class)
class ASecondAccountApproves {

    @Test
    void andIsKnownByTheVerifiedAddress(Demo demo) {
        String second = demo.tokenLike(
                "alice", Map.of("sub", "a-adams", "preferred_username", "a-adams", "groups", List.of("approvers")));
        String delete = "DELETE FROM orders WHERE id = 71 /* second account */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);

            Api.Reply refused = demo.apiWithToken(second).vote(request, "approve", "somebody else, honestly");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("are one person");
            assertThat(demo.api("dave").recordsOf(request)).containsExactly("request-held", "vote-refused");
        }
        assertThat(demo.targetLog()).doesNotContain("/* second account */");
    }
}
