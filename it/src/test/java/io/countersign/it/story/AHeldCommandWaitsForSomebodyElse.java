package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The main job: a DELETE from psql stands still, session open, until another person decides. */
@ExtendWith(SharedDemo.class)
class AHeldCommandWaitsForSomebodyElse {

    @Test
    void onApprovalTheVerySameBytesRunAndPsqlGetsItsAnswer(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 7 /* approved */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval, request ");
            assertThat(psql.err()).contains("NOTICE").contains(demo.console());

            Api bob = demo.api("bob");
            long request = bob.awaitPending(delete);
            assertThat(demo.targetLog()).doesNotContain("/* approved */");

            JsonNode shown = bob.request(request);
            assertThat(shown.toString())
                    .contains("alice")
                    .contains("sql:delete")
                    .contains(".yaml")
                    .contains("public.orders");

            assertThat(bob.vote(request, "approve", "checked with the customer").status())
                    .isEqualTo(200);
            psql.awaitText("DELETE 1");
            psql.type("SELECT 'the session goes on';")
                    .awaitText("the session goes on")
                    .finish();
            bob.awaitState(request, "approved");
        }
        assertThat(demo.targetLog()).contains(delete.replace(";", ""));
    }

    @Test
    void onRejectionPsqlGets42501WithTheApproversReason(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            String delete = "DELETE FROM orders WHERE id = 8 /* rejected */;";
            psql.type("\\set VERBOSITY verbose").type(delete).awaitText("held for approval");
            Api bob = demo.api("bob");
            bob.vote(bob.awaitPending(delete), "reject", "not on a Friday");

            psql.awaitText("not on a Friday").finish();
            assertThat(psql.err()).contains("42501");
        }
        assertThat(demo.targetLog()).doesNotContain("/* rejected */");
    }

    @Test
    void ctrlCWithdrawsTheRequestAndTheSessionGoesOn(Demo demo) {
        try (Program terminal = demo.terminal("alice")) {
            String delete = "DELETE FROM orders WHERE id = 9 /* withdrawn */;";
            terminal.type(delete).awaitText("held for approval");
            Api bob = demo.api("bob");
            long request = bob.awaitPending(delete);

            terminal.press(Program.CTRL_C).awaitText("you withdrew request " + request);
            terminal.type("SELECT 'the session ' || 'goes on';").awaitText("the session goes on");
            bob.awaitState(request, "withdrawn");
            assertThat(bob.vote(request, "approve", "too late").status()).isEqualTo(409);
        }
        assertThat(demo.targetLog()).doesNotContain("/* withdrawn */");
    }

    @Test
    void withoutAnAnswerInTimeItExpiresAsAnError(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose").type("NOTIFY impatient;").awaitText("held for approval");
            long request = demo.api("bob").awaitPending("NOTIFY impatient;");

            psql.awaitText("57014").awaitText("request " + request + " expired");
            psql.type("SELECT 'the session goes on';")
                    .awaitText("the session goes on")
                    .finish();
            assertThat(demo.api("dave").recordsOf(request)).containsExactly("request-held", "request-expired");
        }
        assertThat(demo.targetLog()).doesNotContain("NOTIFY impatient");
    }

    @Test
    void inATransactionOnlyForAsLongAsThatMayStayOpen(Demo demo) {
        String cluster = "CLUSTER orders USING orders_pkey /* in a transaction */;";
        try (Program psql = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose")
                    .type("BEGIN; SAVEPOINT before; SELECT 'read ' || count(*) FROM orders WHERE id = 1;")
                    .awaitText("read ");
            psql.type(cluster).awaitText("It keeps a transaction open, which is rolled back");
            // It may be over before anybody could look into the queue.
            long request = Long.parseLong(psql.err().replaceAll("(?s).*held for approval, request (\\d+),.*", "$1"));
            Api bob = demo.api("bob");

            psql.awaitText("25P04").awaitText("its transaction is rolled back");
            bob.awaitState(request, "expired");
            assertThat(bob.vote(request, "approve", "too late").status()).isEqualTo(409);
            psql.type("ROLLBACK TO before;").awaitText("savepoint \"before\" does not exist");
            psql.type("ROLLBACK; SELECT 'the session ' || 'goes on';")
                    .awaitText("the session goes on")
                    .finish();
            assertThat(demo.api("dave").recordsOf(request))
                    .containsSubsequence("request-held", "request-expired", "vote-refused");
        }
        assertThat(demo.targetLog()).doesNotContain("/* in a transaction */");
    }

    @Test
    void whoeverLeavesWhileHeldAbandonsTheRequest(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 10 /* abandoned */;";
        Api bob = demo.api("bob");
        long request;
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            request = bob.awaitPending(delete);
            psql.signal("KILL");
        }
        bob.awaitState(request, "abandoned");
        assertThat(bob.vote(request, "approve", "nobody is waiting").status()).isEqualTo(409);
        assertThat(demo.api("dave").recordsOf(request)).startsWith("request-held", "request-abandoned");
        assertThat(demo.targetLog()).doesNotContain("/* abandoned */");
    }

    @Test
    void twoApproversAtOnceReleaseItOnce(Demo demo) {
        String insert = "INSERT INTO orders SELECT * FROM orders WHERE false /* twice */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(insert).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(insert);
            var votes = Stream.of("bob", "carol")
                    .map(who -> CompletableFuture.supplyAsync(() -> demo.api(who)
                            .vote(request, "approve", "from " + who)
                            .status()))
                    .toList();
            assertThat(votes.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(200, 409);
            psql.awaitText("INSERT 0 0").finish();
            assertThat(demo.api("dave").recordsOf(request)).containsOnlyOnce("release");
        }
        Await.until("the insert in the target's log", () -> demo.targetLog().contains("/* twice */"));
        assertThat(demo.targetLog().split("/\\* twice \\*/", -1)).hasSize(2);
    }

    @Test
    void whatFollowsInTheSessionWaitsBehindIt(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 11 /* first */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).type("SELECT 'second in line';").awaitText("held for approval");
            Api bob = demo.api("bob");
            long request = bob.awaitPending(delete);
            assertThat(demo.targetLog()).doesNotContain("second in line");
            bob.vote(request, "approve", "go");
            psql.awaitText("second in line").finish();
        }
    }
}
