package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Keycloak;
import io.countersign.it.world.Program;
import io.countersign.it.world.WithKeycloak;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens of a real identity provider, however people and agents get them: who they are is who Keycloak says they are. */
@ExtendWith(WithKeycloak.class)
class TokensComeFromKeycloak {

    private static final String COUNT = "SELECT count(*) FROM orders";

    @Test
    void aPersonComesByPasswordAndSomebodyElseApproves(Keycloak keycloak, Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 81 /* paula asks */;";
        try (Program psql = demo.psqlWithToken(keycloak.byPassword("paula"))) {
            psql.type(delete).awaitText("held for approval");
            var ben = demo.apiWithToken(keycloak.byPassword("ben"));
            long request = ben.awaitPending(delete);
            assertThat(names(ben.request(request).get("requester"))).containsExactly("paula");

            assertThat(demo.apiWithToken(keycloak.byPassword("paula"))
                            .vote(request, "approve", "my own")
                            .status())
                    .isEqualTo(403);
            assertThat(ben.vote(request, "approve", "seen").status()).isEqualTo(200);
            psql.awaitText("DELETE").finish();
        }
    }

    @Test
    void anAuditorMayNotEvenRead(Keycloak keycloak, Demo demo) {
        try (Program psql = demo.psqlWithToken(keycloak.byPassword("olga"), "-c", COUNT)) {
            assertThat(psql.finish().err()).contains("ERROR");
        }
    }

    @Test
    void aTerminalWithoutAPasswordComesByTheDeviceFlow(Keycloak keycloak, Demo demo) {
        try (Program login = Demo.command("login", "--issuer", keycloak.issuer(), "--client-id", Keycloak.TERMINAL);
                Browser browser = Browser.start()) {
            login.awaitText(" in a browser");
            Page page = browser.fresh();
            page.navigate(login.err().replaceFirst("(?s).*Open (\\S+) in a browser.*", "$1"));
            page.fill("#username", "paula");
            page.fill("#password", Keycloak.password("paula"));
            page.click("#kc-login");
            assertThat(login.out()).isEmpty();
            page.click("[name=accept]");
            String token = login.finish().orFail().out().strip();

            try (Program psql = demo.psqlWithToken(token, "-At", "-c", COUNT)) {
                assertThat(psql.finish().orFail().out().strip()).matches("\\d+");
            }
        }
    }

    @Test
    void anAgentComesByItsOwnCredentialsAndItsOwnerDoesNotApprove(Keycloak keycloak, Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 82 /* at night */;";
        try (Program psql = demo.psqlWithToken(keycloak.ofItself(Keycloak.NIGHT_AGENT))) {
            psql.type(delete).awaitText("held for approval");
            var ben = demo.apiWithToken(keycloak.byPassword("ben"));
            long request = ben.awaitPending(delete);
            JsonNode requester = ben.request(request).get("requester");
            assertThat(requester).hasSize(1);
            assertThat(requester.get(0).get("kind").asText()).isEqualToIgnoringCase("agent");

            assertThat(ben.vote(request, "approve", "it is mine").text()).contains("own");
            assertThat(demo.api("bob").vote(request, "approve", "not mine").status())
                    .isEqualTo(200);
            psql.awaitText("DELETE").finish();
        }
    }

    @Test
    void anAgentThatExchangedAPersonsTokenActsForThem(Keycloak keycloak, Demo demo) {
        String delete = "DELETE FROM orders WHERE id = 83 /* for ben */;";
        String exchanged = keycloak.exchanged(keycloak.byPassword("paula"), Keycloak.DEPLOY_AGENT);
        try (Program psql = demo.psqlWithToken(exchanged)) {
            psql.type(delete).awaitText("held for approval");
            var ben = demo.apiWithToken(keycloak.byPassword("ben"));
            long request = ben.awaitPending(delete);
            assertThat(names(ben.request(request).get("requester"))).containsExactly("paula", "deploy-agent");
            assertThat(demo.apiWithToken(keycloak.byPassword("paula"))
                            .vote(request, "approve", "it was for me")
                            .status())
                    .isEqualTo(403);
            assertThat(ben.vote(request, "reject", "not tonight").status()).isEqualTo(200);
            psql.awaitText("not tonight").finish();
        }
        List<String> recorded = new ArrayList<>();
        demo.api("dave").records().stream()
                .filter(each -> each.toString().contains("/* for ben */"))
                .forEach(each -> recorded.add(each.toString()));
        assertThat(recorded).isNotEmpty().anyMatch(entry -> entry.contains("paula") && entry.contains("deploy-agent"));
    }

    private static List<String> names(JsonNode chain) {
        List<String> names = new ArrayList<>();
        chain.forEach(each -> names.add(each.get("name").asText()));
        return names;
    }
}
