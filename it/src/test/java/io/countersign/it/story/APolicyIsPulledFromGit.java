package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.GitRepository;
import io.countersign.it.world.GitServer;
import io.countersign.it.world.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Policy as code: what is pushed to a branch is a proposal of all who committed it, and nobody's word of law. */
class APolicyIsPulledFromGit {

    private static final String LISTEN = "LISTEN to_the_author;";
    private static final String NOTIFY = "NOTIFY everybody;";
    private static final Pattern FAILED = Pattern.compile("countersign_policy_pulls_failed_total (\\d+)");

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
    void andWhoeverCommittedItDoesNotApproveIt() throws IOException {
        Path data = Demo.freshFolder("git");
        Path outside = Demo.freshFolder("upstream");
        GitRepository repository = GitRepository.init(outside.resolve("policy"));
        String first = repository.commit("dave", "policy/shop.yaml", demoPolicy());
        Path credential = Files.writeString(outside.resolve("credential"), GitServer.CREDENTIAL);
        Map<String, String> settings = Map.of(
                "COUNTERSIGN_POLICY_GIT_FOLDER", "policy", "COUNTERSIGN_POLICY_GIT_CREDENTIAL", credential.toString());

        try (GitServer server = GitServer.of(repository);
                Demo demo =
                        Demo.startIn(data, settings, "--policy-git", server.url(), "--policy-changes", "approved")) {
            Await.until(
                    "the first revision to be pulled",
                    () -> demo.api("dave").get("/policy").status() == 200);
            assertThat(demo.psqlOnce("alice", LISTEN).err()).contains("No rule permits it");

            repository.commit("bob", "policy/signals.yaml", MORE);
            String trivial = repository.commit("frank", "policy/comment.yaml", "# nothing\nduties: []\n");
            JsonNode proposal = awaitProposalOf(demo, trivial);
            assertThat(proposal.get("source").asText()).isEqualTo("git");
            assertThat(proposal.get("author").asText())
                    .contains("bob <bob@example.com>", "frank <frank@example.com>")
                    .doesNotContain("dave");
            assertThat(proposal.get("changes").toString())
                    .contains("Members of support gain duty signals: may do sql:listen on shop");
            twoOthersApproveItBecauseAnybodyCanCommitAsAnybody(demo, proposal);
            assertThat(demo.psqlOnce("alice", LISTEN).out()).contains("LISTEN");
            bobDoesNotApproveWhatHisRuleHolds(demo);

            aRewrittenHistoryIsToldOf(demo, repository, first, trivial);
            server.close();
            aServerThatIsGoneLeavesThePolicyAsItIs(demo);
        }
    }

    private static void twoOthersApproveItBecauseAnybodyCanCommitAsAnybody(Demo demo, JsonNode proposal) {
        String votes = "/policy/proposals/" + proposal.get("id").asLong() + "/votes";
        assertThat(proposal.get("needed").asInt()).isEqualTo(2);
        Api.Reply refused = demo.api("bob").post(votes, "{\"decision\": \"approve\"}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.text()).contains("bob stands behind this proposal");

        assertThat(demo.api("carol").post(votes, "{\"decision\": \"approve\"}").status())
                .isEqualTo(200);
        assertThat(demo.psqlOnce("alice", LISTEN).err()).contains("No rule permits it");
        assertThat(demo.api("erin").post(votes, "{\"decision\": \"approve\"}").status())
                .isEqualTo(200);
        assertThat(revision(demo)).isEqualTo(proposal.get("revision").asText());
    }

    private static void bobDoesNotApproveWhatHisRuleHolds(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type(NOTIFY).awaitText("held for approval");
            long request = demo.api("bob").awaitPending(NOTIFY);
            Api.Reply refused = demo.api("bob").vote(request, "approve", "my own rule");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.text()).contains("bob wrote rule notify-with-a-second-person as it is");
        }
    }

    private static void aRewrittenHistoryIsToldOf(Demo demo, GitRepository repository, String before, String inForce) {
        repository.reset(before);
        String other = repository.commit("carol", "policy/signals.yaml", MORE.replace("listen-freely", "listen"));
        JsonNode proposal = awaitProposalOf(demo, other);
        assertThat(proposal.get("changes").get(0).get("words").asText())
                .contains("The branch's history was rewritten: commit " + inForce);
        assertThat(proposal.get("author").asText()).isEqualTo("carol <carol@example.com>");
    }

    private static void aServerThatIsGoneLeavesThePolicyAsItIs(Demo demo) throws IOException {
        String inForce = revision(demo);
        Await.until("two pulls to fail", () -> failed(demo) >= 2);
        assertThat(revision(demo)).isEqualTo(inForce);
        assertThat(Files.readString(demo.data().resolve("log/gateway.0.log")))
                .containsOnlyOnce("CANNOT be pulled")
                .doesNotContain(GitServer.CREDENTIAL);
        Api.Reply health = demo.api("erin").get("/health");
        assertThat(health.text()).contains("cannot be pulled");
        assertThat(health.status()).isEqualTo(200);
    }

    private static int failed(Demo demo) {
        Matcher number = FAILED.matcher(demo.api("dave").get("/metrics").text());
        return number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    private static JsonNode awaitProposalOf(Demo demo, String commit) {
        return Await.some("a proposal of commit " + commit, () -> {
            for (JsonNode each :
                    demo.api("dave").get("/policy/proposals?state=proposed").json()) {
                if (each.get("comment").asText().contains(commit)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        });
    }

    private static String revision(Demo demo) {
        return demo.api("dave").get("/policy").json().get("revision").asText();
    }

    private static String demoPolicy() throws IOException {
        return Files.readString(Path.of(Demo.home("server-config/src/main/demo-policy/shop.yaml")));
    }
}
