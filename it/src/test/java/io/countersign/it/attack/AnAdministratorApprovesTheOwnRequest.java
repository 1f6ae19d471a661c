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

/** The attack: somebody who may do everything, and is an approver besides, asks and approves. */
@ExtendWith(SharedDemo.class)
class AnAdministratorApprovesTheOwnRequest {

    @Test
    void andIsRefusedAndRecorded(Demo demo) {
        String root = demo.tokenLike(
                "erin", Map.of("groups", List.of("support", "approvers", "administrators", "auditors", "dba")));
        String delete = "DELETE FROM orders WHERE id = 70 /* by root */;";
        try (Program psql = demo.psqlWithToken(root)) {
            psql.type(delete).awaitText("held for approval");
            Api api = demo.apiWithToken(root);
            long request = api.awaitPending(delete);

            Api.Reply refused = api.vote(request, "approve", "I am the administrator");

            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("asked for this");
            assertThat(api.recordsOf(request)).containsExactly("request-held", "vote-refused");
        }
        assertThat(demo.targetLog()).doesNotContain("/* by root */");
    }
}
