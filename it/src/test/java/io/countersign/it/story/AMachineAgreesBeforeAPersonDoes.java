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

/** A rule asks an automatic approver, and then a person: the one's yes is not enough, and its no is. */
@ExtendWith(SharedDemo.class)
class AMachineAgreesBeforeAPersonDoes {

    @Test
    void itsYesIsNobodysAndAPersonLetsTheCommandGo(Demo demo) {
        String command = "REINDEX /* agreed */ TABLE order_items;";
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice");
                Browser browser = Browser.start()) {
            psql.type(command).awaitText("held for approval");
            long request = bob.awaitPending(command);
            Page page = browser.signedIn(demo, "bob");
            page.navigate(demo.console() + "request?id=" + request);
            page.waitForSelector("text=nothing is frozen on shop");
            assertThat(page.textContent("[data-test=stages]")).contains("change-freeze", "automatic", "votes now");
            assertThat(page.textContent("[data-test=terms]")).contains("0 of 1");
            assertThat(bob.request(request).toString())
                    .contains("\"met\":true,\"automatic\":\"change-freeze\"", "\"kind\":\"agent\"");
            page.click("[data-test=approve]");
            assertThat(psql.finish().out()).contains("REINDEX");
            page.waitForSelector("text=Countersigned by bob.");
        }
    }

    @Test
    void itsNoAndItsSilenceEndTheRequest(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("REINDEX /* frozen */ TABLE order_items;").awaitText("change-freeze rejected request");
            psql.awaitText("frozen until Monday");
            psql.type("REINDEX TABLE order_items;")
                    .awaitText("leaves undefined what it is asked for")
                    .finish();
        }
    }
}
