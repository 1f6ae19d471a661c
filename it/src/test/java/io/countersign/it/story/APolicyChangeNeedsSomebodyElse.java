package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Browser;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Invariant 7: the gateway's own administration obeys the same rules as everybody else's commands. */
class APolicyChangeNeedsSomebodyElse {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern CODE = Pattern.compile("\\{\"code\": \"([^\"]+)\"\\}");
    private static final String LISTEN = "LISTEN to_the_author;";
    private static final String NOTIFY = "NOTIFY everybody;";

    private static final String MORE = """
            duties:
              - name: signals
                carried-by: [support]
                rules:
                  - {name: listen-freely, targets: [shop], effects: ["sql:listen"], decision: permit}
                  - name: notify-with-a-second-person
                    targets: [shop]
                    effects: ["sql:notify"]
                    decision: hold
                    reason: everybody hears it
                    approvers: [shop-approvers]
            """;

    @Test
    void fromTheFirstRevisionOn() throws IOException {
        String[] production = {"--policy-changes", "approved", "--policy-bootstrap", "code"};
        Path data;
        String approved;
        try (Demo demo = Demo.start("four-eyes", production)) {
            data = demo.data();
            theFirstOneNeedsTheCodeOfTheLog(demo);
            String first = revision(demo);
            assertThat(demo.psqlOnce("alice", LISTEN).err()).contains("No rule permits it");

            long upload = erinMayProposeButNotApprove(demo);
            assertThat(revision(demo)).isEqualTo(first);
            assertThat(demo.psqlOnce("alice", LISTEN).err()).contains("No rule permits it");
            bobReadsInWordsWhatChangesAndApproves(demo, upload);
            assertThat(demo.psqlOnce("alice", LISTEN).out()).contains("LISTEN");
            neitherOfThemApprovesWhatTheRuleHolds(demo);

            goingBackIsTheSameAct(demo, first);
            assertThat(demo.psqlOnce("alice", LISTEN).err()).contains("No rule permits it");
            approved = first;

            aChangedFolderIsAProposalToo(demo);
            assertThat(revision(demo)).isEqualTo(approved);
        }
        try (Demo demo = Demo.startIn(data, production)) {
            assertThat(revision(demo)).isEqualTo(approved);
            assertThat(waiting(demo).get("source").asText()).isEqualTo("folder");
        }
    }

    private static void theFirstOneNeedsTheCodeOfTheLog(Demo demo) {
        Api stranger = demo.apiWithToken("");
        assertThat(demo.api("erin").get("/policy").status()).isEqualTo(401);
        String code = Await.some("the one-time code in the log", () -> {
            Matcher found = CODE.matcher(log(demo));
            return found.find() ? Optional.of(found.group(1)) : Optional.empty();
        });
        assertThat(stranger.post("/policy/bootstrap", "{\"code\": \"guessed\"}").status())
                .isEqualTo(403);
        assertThat(stranger.post("/policy/bootstrap", "{\"code\": \"" + code + "\"}")
                        .status())
                .isEqualTo(200);
        assertThat(stranger.post("/policy/bootstrap", "{\"code\": \"" + code + "\"}")
                        .status())
                .isEqualTo(403);
        assertThat(demo.api("dave").records().toString()).contains("policy-bootstrap-refused", "\"how\":\"bootstrap\"");
    }

    private static long erinMayProposeButNotApprove(Demo demo) throws IOException {
        Api erin = demo.api("erin");
        Map<String, Object> body = Map.of(
                "files",
                Map.of("shop.yaml", Files.readString(demo.policy().resolve("shop.yaml")), "signals.yaml", MORE),
                "comment",
                "support asks for signals");
        Api.Reply proposed = erin.post("/policy/proposals", json(body));
        assertThat(proposed.status()).as(proposed.text()).isEqualTo(201);
        long id = proposed.json().get("id").asLong();
        assertThat(proposed.json().get("changes").toString())
                .contains("Members of support gain duty signals: may do sql:listen on shop");

        Api.Reply refused = erin.post("/policy/proposals/" + id + "/votes", "{\"decision\": \"approve\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.json().get("reasons").toString()).contains("stands behind this proposal");
        assertThat(erin.post("/policy/proposals", json(Map.of("files", Map.of("shop.yaml", "duties: 7"))))
                        .status())
                .isEqualTo(422);
        return id;
    }

    private static void bobReadsInWordsWhatChangesAndApproves(Demo demo, long proposal) {
        try (Browser browser = Browser.start()) {
            Page erin = browser.signedIn(demo, "erin");
            erin.navigate(demo.console() + "policy-proposal?id=" + proposal);
            assertThat(erin.isDisabled("[data-test=approve]")).isTrue();
            assertThat(erin.textContent("[data-test=hindrances]")).contains("stands behind this proposal");

            Page bob = browser.signedIn(demo, "bob");
            bob.navigate(demo.console() + "policy");
            bob.click("[data-test=waiting] a");
            assertThat(bob.textContent("[data-test=changes]")).contains("Members of support gain duty signals");
            assertThat(bob.textContent("[data-test=diff]")).contains("listen-freely");
            bob.fill("[data-test=comment]", "as agreed");
            bob.click("[data-test=approve]");
            bob.waitForSelector("text=It is in force");
            bob.navigate(demo.console() + "policy");
            assertThat(bob.textContent("[data-test=approvers]")).contains("bob");
            bob.click("[data-test=reach-link]");
            bob.waitForSelector("[data-test=reach]");
            bob.waitForLoadState(); // a long table comes in pieces
            assertThat(bob.textContent("[data-test=reach]"))
                    .containsPattern("held\\s+sql:notify\\s*once 1 of approvers countersigns")
                    .containsPattern("permitted\\s+sql:listen");
        }
        assertThat(types(demo))
                .containsSubsequence(
                        "policy-in-force",
                        "policy-proposed",
                        "policy-vote-refused",
                        "policy-vote",
                        "policy-in-force",
                        "policy-loaded");
    }

    private static void neitherOfThemApprovesWhatTheRuleHolds(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type(NOTIFY).awaitText("held for approval");
            long request = demo.api("carol").awaitPending(NOTIFY);
            Api.Reply refused = demo.api("bob").vote(request, "approve", "my own rule");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("approved rule notify-with-a-second-person as it is");
            assertThat(demo.api("carol").request(request).get("excluded").toString())
                    .contains("approved rule notify-with-a-second-person");
            assertThat(demo.api("carol").vote(request, "approve", "not mine").status())
                    .isEqualTo(200);
            psql.awaitText("NOTIFY").finish();
        }
    }

    private static void goingBackIsTheSameAct(Demo demo, String first) {
        Api.Reply back = demo.api("carol").post("/policy/proposals", "{\"revision\": \"" + first + "\"}");
        assertThat(back.status()).as(back.text()).isEqualTo(201);
        String votes = "/policy/proposals/" + back.json().get("id").asLong() + "/votes";
        assertThat(demo.api("carol").post(votes, "{\"decision\": \"approve\"}").status())
                .isEqualTo(403);
        assertThat(demo.api("bob").post(votes, "{\"decision\": \"approve\"}").status())
                .isEqualTo(200);
        assertThat(revision(demo)).isEqualTo(first);
    }

    private static void aChangedFolderIsAProposalToo(Demo demo) throws IOException {
        Files.writeString(demo.policy().resolve("signals.yaml"), MORE);
        JsonNode proposal = Await.some("the folder's proposal", () -> Optional.ofNullable(waiting(demo)));
        assertThat(proposal.get("needed").asInt()).isEqualTo(2);
        String votes = "/policy/proposals/" + proposal.get("id").asLong() + "/votes";
        assertThat(demo.api("bob")
                        .post(votes, "{\"decision\": \"approve\"}")
                        .json()
                        .get("approvals")
                        .asInt())
                .isEqualTo(1);
    }

    private static JsonNode waiting(Demo demo) {
        return demo.api("dave").get("/policy/proposals?state=proposed").json().get(0);
    }

    private static String revision(Demo demo) {
        return demo.api("dave").get("/policy").json().get("revision").asText();
    }

    private static java.util.List<String> types(Demo demo) {
        return demo.api("dave").records().stream()
                .map(each -> each.get("type").asText())
                .toList();
    }

    private static String log(Demo demo) {
        try {
            return Files.readString(demo.data().resolve("log/gateway.0.log"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
