package io.countersign.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FormData;
import com.microsoft.playwright.options.RequestOptions;
import io.countersign.it.world.Api;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The attack: an approver's vote is sent again, by a double click, a copy, or a page of somebody else's. */
@ExtendWith(SharedDemo.class)
class AVoteIsReplayed {

    @Test
    void manyTimesAtOnceAndCountsOnce(Demo demo) {
        String comment = "COMMENT ON TABLE orders IS 'clicked often';";
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice")) {
            psql.type(comment).awaitText("held for approval");
            long request = bob.awaitPending(comment);

            List<Integer> answers = IntStream.range(0, 8)
                    .parallel()
                    .mapToObj(click -> bob.vote(request, "approve", "click").status())
                    .toList();

            assertThat(answers).containsOnlyOnce(200).containsOnly(200, 403);
            assertThat(bob.request(request).get("votes")).hasSize(1);
            assertThat(demo.api("dave").recordsOf(request)).doesNotContain("release");
        }
    }

    @Test
    void byAForeignPageInTheApproversBrowserAndDoesNotCount(Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 73 /* forged */;";
        try (Program psql = demo.psql("alice");
                Browser browser = Browser.start()) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(delete);
            Page bob = browser.signedIn(demo, "bob");
            bob.navigate(demo.console() + "request?id=" + request);

            // What another site can make his browser send: his cookies, but nothing that it would have to read first.
            APIResponse form = bob.context()
                    .request()
                    .post(
                            demo.console() + "request?id=" + request,
                            RequestOptions.create()
                                    .setForm(FormData.create()
                                            .set("decide", "decide")
                                            .set("decide:approve", "decide:approve")));
            APIResponse rest = bob.context()
                    .request()
                    .post(
                            demo.described().get("api").asText() + "/requests/" + request + "/votes",
                            RequestOptions.create()
                                    .setHeader("Content-Type", "application/json")
                                    .setData("{\"decision\": \"approve\", \"comment\": \"\"}"));

            assertThat(rest.status()).isEqualTo(401);
            assertThat(form.text()).doesNotContain("data-test=\"epilogue\"");
            assertThat(demo.api("bob").request(request).get("state").asText()).isEqualToIgnoringCase("pending");
            assertThat(bob.context().cookies())
                    .allSatisfy(cookie -> assertThat(cookie.sameSite).isNotNull());
        }
        assertThat(demo.targetLog()).doesNotContain("/* forged */");
    }
}
