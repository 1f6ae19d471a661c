package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Identity;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnOwnerAnswersForItsAgentsTest {

    @TempDir
    private Path folder;

    private Policy policy;

    @BeforeEach
    void load() throws Exception {
        policy = Shop.policy(folder, """
                issuers:
                  - {name: robots, issuer: "https://robots.example", jwks: "https://robots.example/jwks", audience: countersign}
                agents:
                  - {subject: "deploy-*", issuer: robots, owners: [carol]}
                  - {subject: "*-nightly", owners: [dave]}
                """);
    }

    private static Identity robot(String subject) {
        return new Identity("https://robots.example", subject, subject, Set.of(), Identity.Kind.AGENT);
    }

    @Test
    void atWhateverIssuerTheOwnerSignsIn() {
        assertThat(policy.owners(robot("deploy-shop")))
                .containsExactlyInAnyOrder(
                        new Policy.Owner("https://id.example", "carol"),
                        new Policy.Owner("https://robots.example", "carol"));
    }

    @Test
    void andEveryEntryThatSpeaksOfTheAgentCounts() {
        assertThat(policy.owners(robot("deploy-nightly")).stream().map(Policy.Owner::subject))
                .containsOnly("carol", "dave");
    }

    @Test
    void butNobodyAnswersForTheAgentsOfOthers() {
        assertThat(policy.owners(Shop.agent("deploy-shop"))).isEmpty();
        assertThat(policy.owners(robot("other"))).isEmpty();
    }
}
