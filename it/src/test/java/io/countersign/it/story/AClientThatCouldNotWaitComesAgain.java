package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client is killed while its command is held; its request goes on, and the approval is good for one run of the same command. */
@ExtendWith(SharedDemo.class)
class AClientThatCouldNotWaitComesAgain {

    @Test
    void approvedMeanwhileTheSameCommandRunsOnceWithoutASecondVote(Demo demo) {
        String analyze = "ANALYZE orders /* comes again */";
        Api bob = demo.api("bob");
        long request = leave(demo, analyze);

        try (Browser browser = Browser.start()) {
            Page page = browser.signedIn(demo, "bob");
            page.navigate(demo.console() + "request?id=" + request);
            assertThat(page.textContent("[data-test=left]")).contains("Its client has gone");
            page.click("[data-test=approve]");
            page.waitForSelector("[data-state=ready]");
            assertThat(page.textContent("[data-test=epilogue]")).contains("bob", "after its client had gone");
        }
        assertThat(demo.targetLog()).doesNotContain(analyze);

        assertThat(demo.psqlOnce("alice", analyze).orFail().out()).contains("ANALYZE");
        bob.awaitState(request, "approved");
        assertThat(demo.api("dave").recordsOf(request))
                .containsExactly(
                        "request-held", "request-left", "vote", "request-ready", "request-rejoined", "release");

        try (Program psql = demo.psql("alice")) {
            psql.type(analyze + ";").awaitText("held for approval, request ");
            assertThat(bob.awaitPending(analyze + ";")).isNotEqualTo(request);
        }
        assertThat(demo.targetLog().split("/\\* comes again \\*/", -1)).hasSize(2);
    }

    @Test
    void comingBackBeforeAnybodyDecidedItTakesItsPlaceInTheQueueAgain(Demo demo) {
        String analyze = "ANALYZE customers /* back in time */;";
        Api bob = demo.api("bob");
        long request = leave(demo, analyze);
        try (Program psql = demo.psql("alice")) {
            psql.type(analyze).awaitText("held for approval, request " + request);
            assertThat(psql.err()).contains("You need not wait").contains("within 5 min of the approval");
            bob.vote(request, "approve", "welcome back");
            psql.awaitText("ANALYZE").finish();
        }
    }

    @Test
    void whoAsksCanGiveItUpAndNobodyElse(Demo demo) {
        long request = leave(demo, "ANALYZE order_items /* given up */;");
        Api bob = demo.api("bob");
        assertThat(bob.giveUp(request).status()).isEqualTo(403);
        assertThat(demo.api("alice").giveUp(request).status()).isEqualTo(200);
        assertThat(bob.vote(request, "approve", "too late").status()).isEqualTo(409);
        bob.awaitState(request, "withdrawn");
    }

    /** Alice asks and her psql is killed while it waits. */
    private static long leave(Demo demo, String command) {
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice", "-c", command)) {
            psql.awaitText("held for approval");
            long request = bob.awaitPending(command);
            psql.signal("KILL");
            Await.until(
                    "request " + request + " to be left",
                    () -> !bob.request(request).get("attended").asBoolean());
            return request;
        }
    }
}
