package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** First an approver, then an auditor; and whoever has second thoughts takes the vote back while it waits. */
@ExtendWith(SharedDemo.class)
class AnApprovalHasStages {

    @Test
    void whichAreMetInTheirOrderAndAVoteCanBeTakenBackMeanwhile(Demo demo) {
        String listen = "LISTEN two_stages;";
        Api bob = demo.api("bob");
        Api dave = demo.api("dave");
        try (Program psql = demo.psql("alice");
                Browser browser = Browser.start()) {
            psql.type(listen).awaitText("held for approval");
            long request = bob.awaitPending(listen);

            assertThat(dave.vote(request, "approve", "too early").status()).isEqualTo(403);
            assertThat(bob.withdrawVote(request).status()).isEqualTo(403);

            Page page = browser.signedIn(demo, "bob");
            page.navigate(demo.console() + "request?id=" + request);
            assertThat(page.textContent("[data-test=eligible]")).contains("bob").doesNotContain("dave");
            assertThat(page.textContent("[data-test=excluded]"))
                    .contains("dave", "at its present stage")
                    .contains("alice asked for this");
            assertThat(page.textContent("[data-test=stages]")).contains("votes now", "comes later");
            page.click("[data-test=approve]");
            page.waitForSelector("[data-test=withdraw]");
            assertThat(bob.request(request).toString())
                    .contains("\"approvers\":[\"story-auditors\"],\"groups\":[\"auditors\"],\"quorum\":1,\"each\":true,"
                            + "\"approvals\":0,\"open\":true");
            page.click("[data-test=withdraw]");
            page.waitForSelector("text=Your vote is taken back");
            assertThat(bob.request(request).get("votes")).isEmpty();

            assertThat(bob.vote(request, "approve", "after all").status()).isEqualTo(200);
            assertThat(dave.vote(request, "approve", "fine").status()).isEqualTo(200);
            psql.awaitText("LISTEN").finish();
            assertThat(bob.withdrawVote(request).status()).isEqualTo(409);
        }
    }
}
