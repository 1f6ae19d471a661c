package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: two persons must agree, and one agrees twice. */
@ExtendWith(SharedDemo.class)
class AGroupOfOneVotesTwice {

    @Test
    void underOneAccountAndUnderTwo(Demo demo) {
        String comment = "COMMENT ON TABLE orders IS 'twice by bob';";
        Api again = demo.apiWithToken(demo.tokenLike("bob", Map.of("sub", "b-baker", "preferred_username", "b-baker")));
        try (Program psql = demo.psql("alice")) {
            psql.type(comment).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(comment);
            assertThat(demo.api("bob").vote(request, "approve", "yes").status()).isEqualTo(200);

            assertThat(demo.api("bob").vote(request, "approve", "and yes").text())
                    .contains("has voted on this request before");
            assertThat(again.vote(request, "approve", "yes again").text())
                    .contains("has voted on this request before, as bob");
            assertThat(demo.api("bob").request(request).get("state").asText()).isEqualToIgnoringCase("pending");
        }
        assertThat(demo.targetLog()).doesNotContain("twice by bob");
    }
}
