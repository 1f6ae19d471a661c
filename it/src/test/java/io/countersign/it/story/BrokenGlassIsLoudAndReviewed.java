package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nobody is there to countersign, and the shop burns: alice breaks the glass. Everybody sees it until two others have looked. */
@ExtendWith(SharedDemo.class)
class BrokenGlassIsLoudAndReviewed {

    private static final String BANNER = "[data-test=broken-glass]";

    @Test
    void fromTheConsoleToTheEndOfTheReview(Demo demo) {
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice");
                Browser browser = Browser.start()) {
            psql.type("SELECT 'before';").awaitText("before");
            Page alice = browser.signedIn(demo, "alice");
            alice.navigate(demo.console() + "grants");
            alice.fill("[data-test=break-reason]", "orders are stuck and nobody answers");
            alice.click("[data-test=break-send]");
            alice.waitForSelector(BANNER);

            JsonNode broken = bob.get("/break-glass").json().get(0);
            assertThat(broken.get("duty").asText()).isEqualTo("emergency");
            assertThat(broken.get("active").asBoolean()).isTrue();
            long review = broken.get("request").asLong();

            psql.type("VACUUM orders /* emergency */;").awaitText("VACUUM");
            assertThat(commandNaming(demo, "/* emergency */").toString())
                    .contains("\"ruling\":\"PERMIT\"")
                    .contains("\"grants\":[{\"grant\":" + broken.get("id") + ",\"kind\":\"BREAK_GLASS\"");

            Page page = browser.signedIn(demo, "bob");
            assertThat(page.textContent(BANNER)).contains("alice", "emergency", "shop");
            page.click("[data-test=review-link]");
            assertThat(page.textContent("[data-test=statement]")).contains("orders are stuck and nobody answers");
            assertThat(page.textContent("[data-test=excluded]")).contains("alice asked for this");
            page.click("[data-test=approve]");
            page.waitForSelector("[data-test=withdraw]");
            assertThat(demo.api("alice").vote(review, "approve", "me too").status())
                    .isEqualTo(403);
            assertThat(demo.api("alice").giveUp(review).status()).isEqualTo(403);

            alice.navigate(demo.console() + "grants");
            alice.click("[data-test=grant]:first-of-type [data-test=end]");
            Await.until(
                    "it to be over",
                    () -> !bob.get("/grants/" + broken.get("id"))
                            .json()
                            .get("active")
                            .asBoolean());
            demo.api("dave").awaitSessionEnd("break-glass " + broken.get("id") + " (duty emergency on shop) is over");
            psql.type("SELECT 'after';").awaitText("is over, and this session has used it");
            bob.awaitState(review, "pending");

            assertThat(demo.api("carol")
                            .vote(review, "approve", "looked at each command")
                            .status())
                    .isEqualTo(200);
            bob.awaitState(review, "approved");
            Await.until("the alarm to be over", () -> {
                page.navigate(demo.console() + "grants");
                return page.querySelector(BANNER) == null;
            });
        }
        assertThat(demo.api("dave").records())
                .extracting(each -> each.get("entry").get("type").asText())
                .contains("break-glass", "grant-ended");
        assertThat(demo.api("dave").get("/metrics").text()).contains("break_glass_total");
    }

    @Test
    void byRestOnlyForWhoHasTheDutyAndSaysWhy(Demo demo) {
        String body = "{\"target\": \"shop\", \"duty\": \"emergency\", \"reason\": \"%s\"}";
        assertThat(demo.api("bob")
                        .post("/break-glass", body.formatted("I want"))
                        .text())
                .contains("Only members of support may break the glass");
        Api alice = demo.apiWithToken(demo.freshToken("alice"));
        assertThat(alice.post("/break-glass", body.formatted(" ")).status()).isEqualTo(422);
        assertThat(demo.apiWithToken(demo.token("alice", "deploy-bot"))
                        .post("/break-glass", body.formatted("I am a robot"))
                        .text())
                .contains("Only people break the glass");
        assertThat(demo.api("dave").records())
                .filteredOn(each -> each.get("entry").get("type").asText().equals("break-glass-refused"))
                .hasSizeGreaterThanOrEqualTo(2);
    }

    private static JsonNode commandNaming(Demo demo, String text) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.path("statement").asText().contains(text))
                .findFirst()
                .orElseThrow();
    }
}
