package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
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

    /** Each answer waits for its session to be let go, and must not keep from that whatever lets it. */
    @Test
    void itsAnswersToManyAtOnceReachThemAll(Demo demo) throws Exception {
        List<Callable<String>> frozen = new ArrayList<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                Connection session = demo.jdbc("alice", Map.of());
                frozen.add(() -> {
                    try (session) {
                        String command = "REINDEX /* frozen, one of 40 */ TABLE order_items";
                        return catchThrowableOfType(
                                        SQLException.class,
                                        () -> session.createStatement().execute(command))
                                .getMessage();
                    }
                });
            }
            for (Future<String> each : clients.invokeAll(frozen, Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                assertThat(each.get()).contains("change-freeze rejected request", "frozen until Monday");
            }
        }
    }
}
