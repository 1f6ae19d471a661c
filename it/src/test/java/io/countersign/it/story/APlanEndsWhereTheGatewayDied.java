package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Invariant 3 for plans: kill -9 in the middle of one leaves on record what ran of it, and nothing of it runs again. */
class APlanEndsWhereTheGatewayDied {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FIRST = "UPDATE orders SET status = 'returned' WHERE id = 8 /* plan, first */;";

    /** A minute of work: whatever happens, the gateway dies before the answer. */
    private static final String SECOND =
            "SELECT count(*) FROM customers a, customers b, customers c, customers d /* plan, second */;";

    private static final String THIRD = "UPDATE orders SET status = 'open' WHERE id = 8 /* plan, third */;";

    @Test
    void withWhatWasAnsweredWhatWasAskedAndWhatWasNot() {
        Demo first = Demo.start("plan-killed");
        long plan;
        try {
            plan = approved(first);
            try (Program psql = session(first, plan)) {
                psql.type(FIRST).awaitText("UPDATE 1").type(SECOND);
                Await.until("the second command to run", () -> first.targetLog().contains("plan, second"));
                first.kill();
            }
        } finally {
            first.close();
        }

        try (Demo second = Demo.startIn(first.data())) {
            Await.until(
                    "plan " + plan + " to be over",
                    () -> read(second, plan).get("state").asText().equals("ended"));
            JsonNode after = read(second, plan);
            assertThat(after.get("why").asText()).startsWith("its session ended");
            assertThat(after.at("/steps/0/status").asText()).isEqualTo("done");
            assertThat(after.at("/steps/1/at").asText()).isNotEmpty();
            assertThat(after.at("/steps/1").has("status")).isFalse(); // asked; nobody saw what became of it
            assertThat(after.at("/steps/2").has("at")).isFalse();
            assertThat(records(second, plan))
                    .containsExactly(
                            "plan-submitted", "plan-ready", "plan-begun", "plan-step", "plan-step", "plan-ended");
            assertThat(commands(second)).containsOnlyOnce(FIRST, SECOND).doesNotContain(THIRD);

            try (Program again = session(second, plan)) {
                assertThat(again.finish().err()).contains("Plan " + plan + " is over");
            }
            assertThat(times(second, "plan, first")).isEqualTo(1);
            assertThat(times(second, "plan, second")).isEqualTo(1);
            assertThat(times(second, "plan, third")).isZero();
            assertThat(second.psqlOnce("alice", "SELECT status FROM orders WHERE id = 8")
                            .out())
                    .contains("returned");
        }
    }

    private static long approved(Demo demo) {
        ObjectNode body = JSON.createObjectNode().put("target", "shop").put("reason", "the power fails");
        List.of(FIRST, SECOND, THIRD)
                .forEach(each -> body.withArray("commands").addObject().put("statement", each));
        Api.Reply submitted = demo.api("alice").post("/plans", body.toString());
        assertThat(submitted.status()).as(submitted.text()).isEqualTo(201);
        long plan = submitted.json().get("id").asLong();
        assertThat(demo.api("bob")
                        .post("/plans/" + plan + "/votes", "{\"decision\": \"approve\", \"comment\": \"read\"}")
                        .status())
                .isEqualTo(200);
        return plan;
    }

    private static Program session(Demo demo, long plan) {
        return demo.psql("frank", "-d", demo.conninfo("alice") + " options='-c countersign.plan=" + plan + "'");
    }

    private static JsonNode read(Demo demo, long plan) {
        return demo.api("bob").get("/plans/" + plan).json();
    }

    private static List<String> records(Demo demo, long plan) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.path("plan").asLong(-1) == plan)
                .map(entry -> entry.get("type").asText())
                .toList();
    }

    private static List<String> commands(Demo demo) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.get("type").asText().equals("command"))
                .map(entry -> entry.get("statement").asText())
                .toList();
    }

    /** A statement that was cut off is in the log again, as what an error is about. */
    private static int times(Demo demo, String mark) {
        return demo.targetLog().split("LOG: +statement: .*" + mark, -1).length - 1;
    }
}
