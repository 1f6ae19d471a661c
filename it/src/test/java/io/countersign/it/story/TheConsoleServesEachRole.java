package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.WaitForSelectorState;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real browser: approvers decide, requesters are refused, auditors replay, strangers see the sign-in page only. */
@ExtendWith(SharedDemo.class)
class TheConsoleServesEachRole {

    private static Browser browser;

    @BeforeAll
    static void startTheBrowser() {
        browser = Browser.start();
    }

    @AfterAll
    static void stopTheBrowser() {
        browser.close();
    }

    @Test
    void theQueueShowsAHeldCommandByItselfAndTheApproverReleasesIt(Demo demo) {
        Page bob = browser.signedIn(demo, "bob");
        bob.navigate(demo.console() + "queue");
        bob.waitForSelector("[data-test=live]");
        try (Program psql = demo.psql("alice")) {
            String delete = "DELETE FROM orders WHERE id = 40 /* in the browser */;";
            psql.type(delete).awaitText("held for approval");

            // Nobody reloads the page.
            bob.click("tr:has-text('in the browser') [data-test=request-link]");
            bob.waitForSelector("[data-test=request-page]");
            assertThat(bob.textContent("[data-test=chain]")).contains("alice");
            assertThat(bob.textContent("[data-test=request-page]"))
                    .contains("id = 40")
                    .contains("sql:delete")
                    .contains("changes-need-a-second-person")
                    .contains("shop.yaml");
            assertThat(bob.textContent("[data-test=excluded]")).contains("alice");

            bob.fill("[data-test=comment]", "seen in the browser");
            bob.click("[data-test=approve]");
            psql.awaitText("DELETE").finish();
            bob.waitForSelector("[data-test=epilogue]");
        }
    }

    @Test
    void theRequesterFindsNoWayToApprove(Demo demo) {
        Page alice = browser.signedIn(demo, "alice");
        try (Program psql = demo.psql("alice")) {
            String delete = "DELETE FROM orders WHERE id = 41 /* own browser */;";
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);

            alice.navigate(demo.console() + "request?id=" + request);
            assertThat(alice.isDisabled("[data-test=approve]")).isTrue();
            assertThat(alice.textContent("[data-test=hindrances]")).isNotBlank();

            // The button is not what stops her: she presses it all the same.
            alice.evaluate("document.querySelector('[data-test=approve]').disabled = false");
            alice.click("[data-test=approve]");
            alice.waitForSelector("[data-test=hindrances]");
            assertThat(demo.api("bob").request(request).get("state").asText()).isEqualToIgnoringCase("pending");
        }
        assertThat(demo.targetLog()).doesNotContain("/* own browser */");
    }

    @Test
    void theApproverNeedsNoMouseAndSeesWhatWasDecidedBefore(Demo demo) {
        String before = "DELETE FROM orders WHERE id = 42 /* a precedent */;";
        String now = "DELETE FROM orders WHERE id = 43 /* by keys */;";
        Page carol = browser.signedIn(demo, "carol");
        try (Program psql = demo.psql("alice")) {
            psql.type(before).awaitText("held for approval");
            assertThat(demo.api("bob")
                            .vote(demo.api("bob").awaitPending(before), "reject", "orders are kept for ten years")
                            .status())
                    .isEqualTo(200);
            psql.awaitText("orders are kept").type(now);
            long request = demo.api("bob").awaitPending(now);

            carol.navigate(demo.console() + "queue");
            carol.waitForSelector("tr:has-text('by keys')");
            carol.keyboard().press("?");
            carol.waitForSelector("#keys-help[open]");
            assertThat(carol.textContent("#keys-help")).contains("approves", "rejects", "next, previous");
            carol.keyboard().press("Escape");
            carol.waitForSelector(
                    "#keys-help", new Page.WaitForSelectorOptions().setState(WaitForSelectorState.HIDDEN));
            // The newest stands first. Until the next frame a closed dialog's button keeps the focus, and takes no
            // keys.
            assertThat(carol.evaluate("""
                            () => {
                                const help = document.getElementById("keys-help");
                                help.showModal();
                                help.close();
                                help.querySelector("button")
                                    .dispatchEvent(new KeyboardEvent("keydown", {key: "j", bubbles: true}));
                                return document.activeElement.textContent;
                            }""")).isEqualTo(String.valueOf(request));
            // j goes down and k comes back.
            for (String key : new String[] {"j", "k"}) {
                carol.keyboard().press(key);
            }
            // Asked again and again from here: the page's own policy forbids the browser to evaluate text by itself.
            Await.until(
                    () -> "the keys to be at request " + request + "; they are at " + focusedText(carol),
                    () -> focusedText(carol).equals(String.valueOf(request)));
            carol.keyboard().press("Enter");
            carol.waitForSelector("[data-request-page='" + request + "']");
            assertThat(carol.textContent("[data-test=precedents]"))
                    .contains("id = 42", "bob rejected: orders are kept for ten years");

            carol.keyboard().press("r");
            assertThat(focused(carol)).isEqualTo("reject");
            carol.keyboard().press("c");
            assertThat(focused(carol)).isEqualTo("comment");
            carol.keyboard().type("by keys, a and c");
            carol.keyboard().press("Escape");
            carol.keyboard().press("a");
            assertThat(focused(carol)).isEqualTo("approve");
            carol.keyboard().press("Enter");
            psql.awaitText("DELETE").finish();
            carol.waitForSelector("[data-test=epilogue]");
            assertThat(carol.textContent("[data-test=votes]")).contains("by keys, a and c");
        }
    }

    private static String focusedText(Page page) {
        return String.valueOf(page.evaluate("document.activeElement.textContent"));
    }

    private static String focused(Page page) {
        return String.valueOf(page.evaluate("document.activeElement.dataset.key"));
    }

    @Test
    void theAdministratorSeesHealthAndDecidesNothing(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 44 /* not by erin */;";
        Page erin = browser.signedIn(demo, "erin");
        assertThat(erin.navigate(demo.console() + "about").status()).isEqualTo(200);
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval");
            erin.navigate(demo.console() + "request?id=" + demo.api("bob").awaitPending(delete));
            assertThat(erin.isDisabled("[data-test=approve]")).isTrue();
            assertThat(erin.textContent("[data-test=hindrances]")).contains("Only members of approvers");
            assertThat(erin.textContent("[data-test=eligible]")).contains("bob", "carol");
            assertThat(erin.textContent("[data-test=terms]")).contains("0 of 1");
        }
    }

    @Test
    void theAuditorReplaysASession(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("SELECT name, card_number AS seen_by_dave FROM customers ORDER BY id LIMIT 1;")
                    .awaitText("(1 row)")
                    .finish();
        }
        Page dave = browser.signedIn(demo, "dave");
        dave.navigate(demo.console() + "sessions");
        dave.click("[data-test=session] [data-test=session-link] >> nth=0");
        dave.waitForSelector("[data-test=replay]");
        assertThat(dave.textContent("[data-test=replay]")).contains("SELECT");
    }

    @Test
    void strangersSeeTheSignInPageOnly(Demo demo) {
        for (String page : new String[] {"queue", "sessions", "policy", "records", "request?id=1"}) {
            Page stranger = browser.fresh();
            stranger.navigate(demo.console() + page);
            assertThat(stranger.isVisible("[data-test=password]")).as(page).isTrue();
            stranger.close();
        }
    }

    @Test
    void aRequesterIsNotServedTheAuditorsPages(Demo demo) {
        Page alice = browser.signedIn(demo, "alice");
        assertThat(alice.navigate(demo.console() + "records").status()).isEqualTo(403);
        assertThat(alice.navigate(demo.console() + "queue").status()).isEqualTo(403);
    }
}
