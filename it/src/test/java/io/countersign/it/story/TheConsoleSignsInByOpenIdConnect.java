package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Keycloak;
import io.countersign.it.world.Program;
import io.countersign.it.world.WithKeycloak;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** People sign in to the console with a real identity provider, in a real browser; what was intercepted opens nothing. */
@ExtendWith(WithKeycloak.class)
class TheConsoleSignsInByOpenIdConnect extends PeopleSignInAtAnIdentityProvider {

    @Test
    void anApproverComesToTheRequestThatTheNoticeNames(Keycloak keycloak, Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 84 /* by ben's browser */;";
        try (Program psql = demo.psqlWithToken(keycloak.byPassword("paula"))) {
            psql.type(delete).awaitText("held for approval");
            long request = demo.apiWithToken(keycloak.byPassword("ben")).awaitPending(delete);
            Page ben = browser.fresh();
            ben.navigate(demo.console() + "request?id=" + request);
            assertThat(ben.url())
                    .startsWith(keycloak.issuer())
                    .contains("code_challenge_method=S256", "code_challenge=", "state=", "nonce=");
            enter(ben, "ben");

            ben.waitForSelector("[data-request-page='" + request + "']");
            assertThat(ben.textContent("[data-test=chain]")).contains("paula");
            ben.fill("[data-test=comment]", "seen by ben");
            ben.click("[data-test=approve]");
            psql.awaitText("DELETE").finish();
            ben.waitForSelector("[data-test=epilogue]");
            assertThat(ben.navigate(demo.console() + "records").status()).isEqualTo(403);
        }
    }

    @Test
    void anAnswerWithAnotherStateIsRefused(Demo demo) {
        Page ben = browser.fresh();
        ben.navigate(demo.console());
        String answer = answerTo(ben, "ben");
        assertThat(ben.navigate(answer.replaceFirst("state=[^&]+", "state=guessed"))
                        .status())
                .isEqualTo(403);
        assertThat(isStranger(ben, demo)).isTrue();
    }

    @Test
    void anAnswerIsOfUseOnceAndOnlyToWhoAskedForIt(Demo demo) {
        Page ben = browser.fresh();
        ben.navigate(demo.console());
        String answer = answerTo(ben, "ben");
        Page thief = browser.fresh();
        assertThat(thief.navigate(answer).status()).isEqualTo(403);
        assertThat(isStranger(thief, demo)).isTrue();

        ben.navigate(answer);
        assertThat(isStranger(ben, demo)).isFalse();
        ben.click("[data-test=sign-out]");
        ben.waitForSelector("[data-test=sign-in-again]");
        assertThat(ben.navigate(answer).status()).isEqualTo(403);
        assertThat(isStranger(ben, demo)).isTrue();
    }

    /** What PKCE is for: the code is fresh and the state the thief's own, but the code was asked for by somebody else. */
    @Test
    void aCodeThatNobodyHasUsedYetOpensNothingInAnotherBrowser(Demo demo) {
        Page ben = browser.fresh();
        ben.navigate(demo.console());
        String answer = answerTo(ben, "ben");

        Page thief = browser.fresh();
        thief.navigate(demo.console());
        String own = thief.url().replaceFirst(".*[?&](state=[^&]+).*", "$1");
        assertThat(thief.navigate(answer.replaceFirst("state=[^&]+", own)).status())
                .isEqualTo(403);
        assertThat(isStranger(thief, demo)).isTrue();
    }

    /** Where the provider, once it knows who it is, sends the browser; it does not go there by itself. */
    private static String answerTo(Page page, String login) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        page.route("**/login-actions/**", route -> {
            APIResponse response = route.fetch(new Route.FetchOptions().setMaxRedirects(0));
            answer.complete(response.headers().get("location"));
            route.fulfill(new Route.FulfillOptions().setBody("intercepted"));
        });
        enter(page, login);
        page.waitForCondition(answer::isDone);
        assertThat(answer.join()).contains("/signed-in?", "code=", "state=");
        return answer.join();
    }
}
