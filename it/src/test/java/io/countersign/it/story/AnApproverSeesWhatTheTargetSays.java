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

/** Before somebody decides, the target says how many rows a held command would change, and what its transaction has locked. */
@ExtendWith(SharedDemo.class)
class AnApproverSeesWhatTheTargetSays {

    @Test
    void thePlanAndTheLocksAndWhoAsksDoesNot(Demo demo) {
        String delete = "DELETE FROM order_items WHERE order_id = 12 /* explained */;";
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice");
                Browser browser = Browser.start()) {
            psql.type("\\c shop-explained")
                    .type("BEGIN; SELECT 'read ' || count(*) FROM orders WHERE id = 12;")
                    .awaitText("read ");
            psql.type(delete).awaitText("held for approval");
            long request = bob.awaitPending(delete);
            Await.until(
                    "the plan of request " + request, () -> bob.request(request).has("insights"));

            JsonNode insights = bob.request(request).get("insights");
            assertThat(insights.toString())
                    .contains("\"kind\":\"plan\"", "Delete on order_items", "\"changed\":")
                    .contains("\"kind\":\"locks\"", "AccessShareLock on table public.orders");
            assertThat(demo.api("alice").request(request).has("insights")).isFalse();

            Page page = browser.signedIn(demo, "bob");
            page.navigate(demo.console() + "request?id=" + request);
            assertThat(page.textContent("[data-test=estimate]")).contains("would be changed");
            assertThat(page.textContent("[data-test=plan]")).contains("Delete on order_items");
            assertThat(page.textContent("[data-test=locks]")).contains("AccessShareLock on table public.orders");

            bob.vote(request, "approve", "few enough");
            psql.awaitText("DELETE ");
            psql.type("ROLLBACK; SELECT 'taken ' || 'back';")
                    .awaitText("taken back")
                    .finish();
            assertThat(demo.api("dave").recordsOf(request))
                    .containsExactly("request-held", "request-observed", "vote", "release");
        }
        assertThat(demo.targetLog().split("/\\* explained \\*/", -1)).hasSize(3);
        assertThat(demo.targetLog()).contains("EXPLAIN (ANALYZE FALSE, FORMAT JSON) DELETE FROM order_items");
    }
}
