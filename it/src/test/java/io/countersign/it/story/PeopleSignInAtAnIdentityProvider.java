package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.RequestOptions;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Keycloak;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What holds for people who sign in to the console at an identity provider, by whatever protocol it answers. */
abstract class PeopleSignInAtAnIdentityProvider {

    /** One for each class, which runs alone. */
    static Browser browser;

    @BeforeAll
    static void start() {
        browser = Browser.start();
    }

    @AfterAll
    static void stop() {
        browser.close();
    }

    @Test
    void anAuditorReadsTheLedgerAndIsAskedAnewAfterSigningOut(Demo demo) {
        Page olga = signedIn(demo, "olga");
        assertThat(olga.navigate(demo.console() + "records").status()).isEqualTo(200);

        olga.click("[data-test=sign-out]");
        olga.click("[data-test=sign-in-again]");
        // A form that the browser sends by itself may lie in between.
        olga.waitForSelector("#password");
    }

    @Test
    void aRequesterIsServedNoQueue(Demo demo) {
        assertThat(signedIn(demo, "paula").navigate(demo.console() + "queue").status())
                .isEqualTo(403);
    }

    private static Page signedIn(Demo demo, String login) {
        Page page = browser.fresh();
        page.navigate(demo.console());
        enter(page, login);
        page.waitForSelector("[data-test=sign-out]");
        return page;
    }

    /** On the provider's page. */
    static void enter(Page page, String login) {
        page.fill("#username", login);
        page.fill("#password", Keycloak.password(login));
        page.click("#kc-login");
    }

    /** Whether the console sends the browser away to sign in. */
    static boolean isStranger(Page page, Demo demo) {
        return page.context()
                        .request()
                        .get(
                                demo.console() + "sessions",
                                RequestOptions.create().setMaxRedirects(0))
                        .status()
                == 302;
    }
}
