package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A duty for a time: others grant it, sessions that run have it at once, and those that have used it end with it. */
@ExtendWith(SharedDemo.class)
class AGrantLastsAsLongAsItSays {

    private static final String LOCK = "BEGIN; LOCK TABLE orders IN ACCESS SHARE MODE; COMMIT;";

    @Test
    void grantedToASessionThatRunsAndEndedWithItsTime(Demo demo) {
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice");
                Program other = demo.psql("alice")) {
            other.type("SELECT 'the other one';").awaitText("the other one");
            psql.type("\\set VERBOSITY verbose").type(LOCK).awaitText("42501");
            psql.type("ROLLBACK;");

            JsonNode asked = ask(demo, "PT10S");
            assertThat(asked.get("active").asBoolean()).isFalse();
            assertThat(demo.api("alice")
                            .vote(asked.get("request").asLong(), "approve", "")
                            .status())
                    .isEqualTo(403);
            bob.vote(asked.get("request").asLong(), "approve", "for a moment");
            awaitActive(bob, asked, true);

            psql.type(LOCK).awaitText("LOCK TABLE");
            demo.api("dave").awaitSessionEnd("grant " + asked.get("id") + " (duty lock-tables on shop) is over");
            psql.type("SELECT 'too late';").awaitText("57P01").awaitText("(duty lock-tables on shop) is over");
            other.type("SELECT 'goes ' || 'on';").awaitText("goes on");
        }
    }

    @Test
    void orEndedByWhoGrantedIt(Demo demo) {
        Api bob = demo.api("bob");
        JsonNode asked = ask(demo, "PT10M");
        bob.vote(asked.get("request").asLong(), "approve", "");
        awaitActive(bob, asked, true);
        try (Program psql = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose").type(LOCK).awaitText("LOCK TABLE");
            assertThat(demo.api("frank").delete("/grants/" + asked.get("id")).status())
                    .isEqualTo(403);
            assertThat(bob.delete("/grants/" + asked.get("id")).status()).isEqualTo(200);
            demo.api("dave").awaitSessionEnd("grant " + asked.get("id") + " (duty lock-tables on shop) is over");
            psql.type("SELECT 'too late';").awaitText("57P01");
        }
        assertThat(demo.psqlOnce("alice", "LOCK TABLE orders").err()).contains("No rule permits it");
    }

    private static JsonNode ask(Demo demo, String duration) {
        Api.Reply reply = demo.api("alice")
                .post(
                        "/grants",
                        "{\"target\": \"shop\", \"duty\": \"lock-tables\", \"reason\": \"a migration\", \"duration\": \""
                                + duration + "\"}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        return reply.json();
    }

    private static void awaitActive(Api who, JsonNode grant, boolean active) {
        Await.until(
                "grant " + grant.get("id") + (active ? " to begin" : " to be over"),
                () -> who.get("/grants/" + grant.get("id")).json().get("active").asBoolean() == active);
    }
}
