package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.RequestOptions;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Keycloak;
import io.countersign.it.world.Program;
import io.countersign.it.world.WithKeycloakBySaml;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * People sign in to the console by SAML 2.0 at a real identity provider on another site, which encrypts what it says; they
 * are who they are by its tokens, and what was intercepted opens nothing.
 */
@ExtendWith(WithKeycloakBySaml.class)
class TheConsoleSignsInBySaml extends PeopleSignInAtAnIdentityProvider {

    /** Mia may approve, and has asked with a token: by assertion she is the same person, and so is no second one. */
    @Test
    void whoAskedInPsqlFindsNoWayToApproveAndSomebodyElseDoes(Keycloak keycloak, Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 85 /* by mia's assertion */;";
        try (Program psql = demo.psqlWithToken(keycloak.byPassword("mia"))) {
            psql.type(delete).awaitText("held for approval");
            var api = demo.apiWithToken(keycloak.byPassword("ben"));
            long request = api.awaitPending(delete);

            Page mia = browser.fresh();
            mia.navigate(demo.console() + "request?id=" + request);
            assertThat(mia.url()).startsWith(keycloak.issuer()).doesNotContain("127.0.0.1");
            enter(mia, "mia");
            mia.waitForSelector("[data-request-page='" + request + "']");
            assertThat(mia.textContent("[data-test=hindrances]")).contains("asked");
            assertThat(mia.isDisabled("[data-test=approve]")).isTrue();
            // The button is not what stops her: she presses it all the same.
            mia.evaluate("document.querySelector('[data-test=approve]').disabled = false");
            mia.click("[data-test=approve]");
            mia.waitForSelector("[data-test=hindrances]");
            assertThat(api.request(request).get("state").asText()).isEqualToIgnoringCase("pending");
            assertThat(demo.targetLog()).doesNotContain("/* by mia's assertion */");

            Page ben = browser.fresh();
            ben.navigate(demo.console() + "request?id=" + request);
            enter(ben, "ben");
            ben.waitForSelector("[data-request-page='" + request + "']");
            ben.fill("[data-test=comment]", "seen by ben");
            ben.click("[data-test=approve]");
            psql.awaitText("DELETE").finish();
            ben.waitForSelector("[data-test=epilogue]");
            assertThat(ben.navigate(demo.console() + "records").status()).isEqualTo(403);
        }
    }

    @Test
    void anAnswerIsOfUseOnceAndOnlyToWhoAskedForIt(Demo demo) {
        Page ben = browser.fresh();
        ben.navigate(demo.console());
        String answer = answerTo(ben, "ben");
        Page thief = browser.fresh();
        assertThat(posted(thief, demo, answer)).isEqualTo(403);
        assertThat(isStranger(thief, demo)).isTrue();

        assertThat(posted(ben, demo, answer)).isEqualTo(200);
        assertThat(isStranger(ben, demo)).isFalse();
        ben.navigate(demo.console());
        ben.click("[data-test=sign-out]");
        ben.waitForSelector("[data-test=sign-in-again]");
        assertThat(posted(ben, demo, answer)).isEqualTo(403);
        assertThat(isStranger(ben, demo)).isTrue();
    }

    /** The answer is fresh and the state the thief's own, but it answers what somebody else asked. */
    @Test
    void anAnswerThatNobodyHasUsedYetOpensNothingInAnotherBrowser(Demo demo) {
        Page ben = browser.fresh();
        ben.navigate(demo.console());
        String answer = answerTo(ben, "ben");

        Page thief = browser.fresh();
        CompletableFuture<String> state = new CompletableFuture<>();
        thief.onRequest(request -> {
            if (request.url().contains("RelayState=")) {
                state.complete(request.url().replaceFirst(".*[?&](RelayState=[^&]+).*", "$1"));
            }
        });
        thief.navigate(demo.console());
        assertThat(posted(thief, demo, answer.replaceFirst("RelayState=[^&]+", state.join())))
                .isEqualTo(403);
        assertThat(isStranger(thief, demo)).isTrue();
    }

    @Test
    void theProviderCanReadHowToReachTheConsole(Demo demo) {
        APIResponse metadata = browser.fresh().context().request().get(demo.console() + "saml-metadata");
        assertThat(metadata.status()).isEqualTo(200);
        assertThat(metadata.text())
                .contains(
                        "entityID=\"" + WithKeycloakBySaml.ENTITY + "\"",
                        "Location=\"" + demo.console() + "signed-in\"",
                        "AuthnRequestsSigned=\"true\"",
                        "use=\"signing\"",
                        "use=\"encryption\"");
    }

    /** What the provider, once it knows who it is, has the browser post; it gets no further. */
    private static String answerTo(Page page, String login) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        page.route("**/signed-in", route -> {
            answer.complete(route.request().postData());
            route.fulfill(new Route.FulfillOptions().setBody("intercepted"));
        });
        enter(page, login);
        page.waitForCondition(answer::isDone);
        page.unroute("**/signed-in");
        assertThat(answer.join()).contains("RelayState=");
        assertThat(new String(
                        Base64.getMimeDecoder()
                                .decode(URLDecoder.decode(
                                        answer.join().replaceFirst("(?s).*SAMLResponse=([^&]+).*", "$1"),
                                        StandardCharsets.UTF_8)),
                        StandardCharsets.UTF_8))
                .contains("EncryptedAssertion", "aes256-gcm")
                .doesNotContain("AttributeValue");
        return answer.join();
    }

    /** As the console's own page has the browser post it. */
    private static int posted(Page page, Demo demo, String answer) {
        return page.context()
                .request()
                .post(
                        demo.console() + "signed-in",
                        RequestOptions.create()
                                .setHeader("Content-Type", "application/x-www-form-urlencoded")
                                .setData(answer + "&again=yes"))
                .status();
    }
}
