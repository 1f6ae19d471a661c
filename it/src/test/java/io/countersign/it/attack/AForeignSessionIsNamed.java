package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: somebody who learned the id of another's session or request uses it. */
@ExtendWith(SharedDemo.class)
class AForeignSessionIsNamed {

    @Test
    void andNothingOfItIsShownOrDecided(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 74 /* not franks */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);
            String session = demo.api("bob").request(request).get("session").asText();
            Api frank = demo.api("frank");

            for (String path : new String[] {
                "/sessions/" + session,
                "/sessions/" + session + "/commands",
                "/sessions/" + session + "/recording",
                "/requests/" + request
            }) {
                assertThat(frank.get(path).status()).as(path).isEqualTo(403);
            }
            assertThat(frank.vote(request, "reject", "not mine to reject").status())
                    .isEqualTo(403);
            assertThat(frank.withdrawVote(request).status()).isEqualTo(403);
            JsonNode listed = frank.get("/sessions?open=true").json();
            assertThat(listed.toString()).doesNotContain(session);
            assertThat(demo.api("bob").request(request).get("state").asText()).isEqualToIgnoringCase("pending");
        }
    }
}
