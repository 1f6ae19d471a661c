package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Alice plans, bob approves the plan as a whole, and frank, whom the policy lets change nothing, runs it: this, and nothing else. */
@ExtendWith(SharedDemo.class)
class APlanRunsAsApprovedOrNotAtAll {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void itsCommandsRunInTheirOrderOnceForSomebodyElse(Demo demo) {
        String first = "UPDATE orders SET status = 'paid' WHERE id = 4711 /* plan, first */";
        String second = "SELECT count(*) FROM orders /* plan, second */";
        long plan = submit(demo, "the books are closed", first, second);
        assertThat(run(demo, "frank", plan, first).err()).contains("waits to be approved");
        assertThat(vote(demo, "alice", plan).status()).isEqualTo(403);
        assertThat(vote(demo, "bob", plan).status()).isEqualTo(200);
        assertThat(read(demo, plan).get("state").asText()).isEqualTo("ready");
        assertThat(run(demo, "alice", plan, first).err()).contains("somebody else must run it");
        assertThat(demo.targetLog()).doesNotContain("plan, first");

        Program.Result ran = run(demo, "frank", plan, first, second).orFail();
        assertThat(ran.out()).contains("UPDATE 0");
        awaitState(demo, plan, "done");

        assertThat(read(demo, plan).get("steps"))
                .extracting(step -> step.get("status").asText())
                .containsExactly("done", "done");
        assertThat(run(demo, "frank", plan, first).err()).contains("is done already");
        assertThat(records(demo, plan))
                .containsExactly("plan-submitted", "plan-ready", "plan-begun", "plan-step", "plan-step", "plan-done");
        JsonNode command = commandOf(demo, first);
        assertThat(command.get("chain"))
                .extracting(link -> link.get("name").asText())
                .containsExactly("alice", "frank");
        assertThat(command.at("/reasons/0/words").asText()).startsWith("Approved with plan " + plan);
        assertThat(demo.targetLog().split("plan, first", -1)).hasSize(2);

        try (Browser browser = Browser.start()) {
            Page page = browser.signedIn(demo, "bob");
            page.navigate(demo.console() + "plans");
            page.click("[data-plan='" + plan + "'] a");
            assertThat(page.textContent("[data-test=progress]")).isEqualTo("2 of 2");
            assertThat(page.textContent("[data-test=plan-state]")).isEqualTo("done");
            assertThat(page.textContent("[data-test=executor]")).contains("frank");
        }
    }

    @Test
    void itIsSubmittedInTheConsoleToo(Demo demo) {
        try (Browser browser = Browser.start()) {
            Page page = browser.signedIn(demo, "alice");
            page.navigate(demo.console() + "plans");
            page.fill("[data-test=plan-commands]", "SELECT 1\n\nDROP TABLE orders");
            page.fill("[data-test=plan-reason]", "from the console");
            page.click("[data-test=plan-send]");
            assertThat(page.textContent("main")).contains("Command 2 would be refused");
            page.fill("[data-test=plan-commands]", "UPDATE orders\nSET note = ''\nWHERE id = 4714\n\nSELECT 1");
            page.click("[data-test=plan-send]");
            page.waitForSelector("[data-test=plan-page]");
            long plan = Long.parseLong(page.getAttribute("[data-test=plan-page]", "data-plan"));
            assertThat(read(demo, plan).at("/steps/0/statement").asText())
                    .isEqualTo("UPDATE orders\nSET note = ''\nWHERE id = 4714");
            vote(demo, "bob", plan);
            run(demo, "frank", plan, "UPDATE orders\nSET note = ''\nWHERE id = 4714", "SELECT 1")
                    .orFail();
            awaitState(demo, plan, "done");
        }
    }

    @Test
    void anythingElseIsRefusedAndEndsIt(Demo demo) {
        String first = "UPDATE orders SET status = 'paid' WHERE id = 4712";
        long plan = approved(demo, first, "SELECT 1");
        try (Program psql = session(demo, "frank", plan)) {
            psql.type("UPDATE orders SET status = 'paid' WHERE id = 4713 /* not planned */;")
                    .awaitText("This is not command 1 of plan " + plan);
            psql.type(first + ";").awaitText("Plan " + plan + " is over");
        }
        assertThat(read(demo, plan).get("state").asText()).isEqualTo("ended");
        assertThat(demo.targetLog()).doesNotContain("not planned").doesNotContain("WHERE id = 4712");
    }

    @Test
    void aCommandThatFailsEndsIt(Demo demo) {
        String failing = "SELECT 1 / (id - id) FROM orders /* fails */";
        long plan = approved(demo, failing, "SELECT 'never'");
        Program.Result ran = run(demo, "frank", plan, failing, "SELECT 'never'");
        assertThat(ran.err())
                .contains("division by zero")
                .contains("Plan " + plan + " is over: command 1 failed: 22012");
        assertThat(read(demo, plan).get("why").asText()).isEqualTo("command 1 failed: 22012");
        assertThat(demo.targetLog()).doesNotContain("'never'");
    }

    @Test
    void whatWouldBeRefusedIsNoPlan(Demo demo) {
        Api.Reply reply = demo.api("alice").post("/plans", body("clean up", Map.of(), "SELECT 1", "DROP TABLE orders"));
        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.json().get("detail").asText())
                .contains("Command 2 would be refused", "nothing-is-thrown-away");
        assertThat(demo.api("frank")
                        .post("/plans", body("mine", Map.of(), "SELECT 1"))
                        .status())
                .isEqualTo(403);
        assertThat(demo.api("alice")
                        .post("/plans", body("data to come", Map.of(), "COPY orders FROM STDIN"))
                        .status())
                .isEqualTo(422);
        assertThat(demo.api("alice")
                        .post("/plans", body("typo", Map.of(), "SELEC 1"))
                        .status())
                .isEqualTo(422);
    }

    @Test
    void aValueLeftOpenIsBoundWithinItsBounds(Demo demo) throws SQLException {
        long inside = withOpenId(demo);
        try (Connection connection = jdbc(demo, inside);
                PreparedStatement update =
                        connection.prepareStatement("UPDATE orders SET status = 'paid' WHERE id = ?")) {
            update.setInt(1, 4711);
            assertThat(update.executeUpdate()).isZero();
        }
        awaitState(demo, inside, "done");

        long outside = withOpenId(demo);
        try (Connection connection = jdbc(demo, outside);
                PreparedStatement update =
                        connection.prepareStatement("UPDATE orders SET status = 'paid' WHERE id = ?")) {
            update.setInt(1, 7);
            assertThatThrownBy(update::executeUpdate)
                    .hasMessageContaining("the value of $1 is not integer from 4000 to 5000");
        }
        awaitState(demo, outside, "ended");
    }

    @Test
    void aSessionThatWouldMeanSomethingElseDoesNotOpen(Demo demo) {
        long plan = approved(demo, "SELECT 1");
        Program.Result refused = demo.psql(
                        "frank",
                        "-d",
                        conninfo(demo, plan).replace("options='", "options='-c DateStyle=SQL,DMY "),
                        "-c",
                        "SELECT 1")
                .finish();
        assertThat(refused.err()).contains("runs with no settings of the client's own, and not with datestyle=SQL,DMY");
        assertThat(read(demo, plan).get("state").asText()).isEqualTo("ready");
        assertThat(demo.api("alice").delete("/plans/" + plan).status()).isEqualTo(200);
        assertThat(read(demo, plan).get("state").asText()).isEqualTo("ended");
    }

    private static long withOpenId(Demo demo) {
        ObjectNode plan = plan("one of them", Map.of("timezone", "UTC", "datestyle", "ISO"));
        ObjectNode command = plan.withArray("commands").addObject();
        command.put("statement", "UPDATE orders SET status = 'paid' WHERE id = $1");
        command.withArray("parameters")
                .addObject()
                .put("type", "integer")
                .put("min", 4000)
                .put("max", 5000);
        long id = submitted(demo, plan.toString());
        vote(demo, "bob", id);
        return id;
    }

    /** pgJDBC declares what it needs at once, rather than by a command of its own, where it is told how old the server may be. */
    private static Connection jdbc(Demo demo, long plan) throws SQLException {
        return demo.jdbc(
                "frank",
                Map.of("options", "-c countersign.plan=" + plan + " -c TimeZone=UTC", "assumeMinServerVersion", "12"));
    }

    private static long approved(Demo demo, String... commands) {
        long plan = submit(demo, "to be run", commands);
        vote(demo, "bob", plan);
        return plan;
    }

    private static long submit(Demo demo, String reason, String... commands) {
        return submitted(demo, body(reason, Map.of(), commands));
    }

    private static long submitted(Demo demo, String body) {
        Api.Reply reply = demo.api("alice").post("/plans", body);
        assertThat(reply.status()).as(reply.text()).isEqualTo(201);
        assertThat(reply.json().get("state").asText()).isEqualTo("pending");
        return reply.json().get("id").asLong();
    }

    private static String body(String reason, Map<String, String> settings, String... commands) {
        ObjectNode plan = plan(reason, settings);
        List.of(commands).forEach(each -> plan.withArray("commands").addObject().put("statement", each));
        return plan.toString();
    }

    private static ObjectNode plan(String reason, Map<String, String> settings) {
        ObjectNode plan = JSON.createObjectNode().put("target", "shop").put("reason", reason);
        settings.forEach(plan.putObject("settings")::put);
        return plan;
    }

    private static Api.Reply vote(Demo demo, String who, long plan) {
        return demo.api(who).post("/plans/" + plan + "/votes", "{\"decision\": \"approve\", \"comment\": \"read\"}");
    }

    private static JsonNode read(Demo demo, long plan) {
        return demo.api("bob").get("/plans/" + plan).json();
    }

    private static void awaitState(Demo demo, long plan, String state) {
        Await.until(
                "plan " + plan + " to be " + state,
                () -> read(demo, plan).get("state").asText().equals(state));
    }

    private static Program.Result run(Demo demo, String login, long plan, String... commands) {
        String[] options = new String[2 + 2 * commands.length];
        options[0] = "-d";
        options[1] = conninfo(demo, plan);
        for (int i = 0; i < commands.length; i++) {
            options[2 + 2 * i] = "-c";
            options[3 + 2 * i] = commands[i];
        }
        return demo.psql(login, options).finish();
    }

    private static Program session(Demo demo, String login, long plan) {
        return demo.psql(login, "-d", conninfo(demo, plan));
    }

    private static String conninfo(Demo demo, long plan) {
        return demo.conninfo("alice") + " options='-c countersign.plan=" + plan + "'";
    }

    private static List<String> records(Demo demo, long plan) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.path("plan").asLong(-1) == plan)
                .map(entry -> entry.get("type").asText())
                .toList();
    }

    private static JsonNode commandOf(Demo demo, String statement) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.get("type").asText().equals("command")
                        && entry.get("statement").asText().equals(statement))
                .findFirst()
                .orElseThrow();
    }
}
