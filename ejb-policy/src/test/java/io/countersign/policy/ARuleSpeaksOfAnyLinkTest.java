package io.countersign.policy;

import static io.countersign.policy.Shop.agent;
import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Decision.Ruling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions over the delegation chain, from the person at its outer end to the agent that acts. */
class ARuleSpeaksOfAnyLinkTest {

    private static final Identity DEPLOYER =
            new Identity("https://id.example", "deploy-bot", "deploy-bot", Set.of("support"), Identity.Kind.AGENT);

    private static final DelegationChain ALICE = DelegationChain.of(person("alice", "support"));
    private static final DelegationChain THROUGH_BOT =
            DelegationChain.of(person("alice", "support"), agent("planner"), DEPLOYER);

    @TempDir
    private Path folder;

    private Policy policy(String condition) throws IOException, PolicyException {
        return Shop.policy(folder, """
                duties:
                  - name: d
                    carried-by: [support]
                    rules:
                      - {name: r, targets: [shop], effects: ["sql:select"], decision: permit, when: '%s'}
                """.formatted(condition.replace("'", "''")));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of("chain.depth == 1", true, false),
                Arguments.of("chain.depth > 2", false, true),
                Arguments.of("origin.name == \"alice\"", true, true),
                Arguments.of("requester.subject == origin.subject", true, true),
                Arguments.of("actor.kind == \"agent\"", false, true),
                Arguments.of("actor.issuer == \"https://id.example\"", true, true),
                Arguments.of("chain.links.exists(link, link.subject == \"planner\")", false, true),
                Arguments.of("chain.links.all(link, link.kind == \"person\")", true, false),
                Arguments.of("chain.links[1].name == \"planner\" || true", true, true),
                // An agent may do no more than both may: every link must be in the group.
                Arguments.of("chain.links.all(link, \"support\" in link.groups)", true, false),
                Arguments.of("\"support\" in origin.groups && \"support\" in actor.groups", true, true));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void outermostToInnermost(String condition, boolean alone, boolean throughBot) throws Exception {
        Policy policy = policy(condition);
        assertThat(permits(policy, ALICE)).isEqualTo(alone);
        assertThat(permits(policy, THROUGH_BOT)).isEqualTo(throughBot);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "chain.links.exists(link, link.nmae == \"x\")",
                "origin.kind == 7",
                "chain.links.exists(link, link.groups == \"support\")",
                "actor == \"bot\"",
                "chain.any == true"
            })
    void aMistypedQuestionDoesNotLoad(String condition) throws Exception {
        assertThat(Shop.problems(folder, """
                duties:
                  - name: d
                    carried-by: [support]
                    rules:
                      - {name: r, targets: [shop], effects: ["sql:select"], decision: permit, when: '%s'}
                """.formatted(condition)))
                .singleElement()
                .asString()
                .startsWith("b-duties.yaml:5:");
    }

    @Test
    void theSameTextThroughAnotherChainIsAnotherQuestion() throws Exception {
        Policy policy = policy("chain.depth == 1");
        assertThat(permits(policy, ALICE)).isTrue();
        assertThat(permits(policy, THROUGH_BOT)).isFalse();
        assertThat(permits(policy, ALICE)).isTrue();
    }

    private static boolean permits(Policy policy, DelegationChain chain) {
        return policy.decide(command(chain, "SELECT 1", effect("sql:select", "public", "t")), Shop.NOON)
                        .ruling()
                == Ruling.PERMIT;
    }
}
