package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: a key of an automation that is in an approver group approves what a person asks for. */
@ExtendWith(SharedDemo.class)
class AnAutomationKeyApproves {

    @Test
    void asItselfOrWithAnApproversToken(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 72 /* by a key */;";
        // A client that got a token for itself (RFC 6749 §4.4), the service account that Keycloak makes of it, and an
        // agent to which an approver has given a token.
        Map<String, Map<String, Object>> keys = Map.of(
                "client credentials", Map.of("sub", "robot", "azp", "robot", "email_verified", false),
                "service account", Map.of("sub", "8f3a", "azp", "robot", "preferred_username", "service-account-robot"),
                "an agent of the policy", Map.of("azp", "night-run"));
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);
            keys.forEach((kind, claims) -> assertThat(demo.apiWithToken(demo.tokenLike("bob", claims))
                            .vote(request, "approve", "automatically")
                            .text())
                    .as(kind)
                    .contains("Agents never countersign"));
        }
        assertThat(demo.targetLog()).doesNotContain("/* by a key */");
    }
}
