package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.flagged;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Obligation;
import io.countersign.policy.Decision.Ruling;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefuseWinsOverHoldWinsOverPermitTest {

    private static final String DUTIES = """
            duties:
              - name: support
                carried-by: [support]
                masks: [cards]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select on table public.*"], decision: permit}
                  - name: change
                    targets: [shop]
                    effects: ["sql:delete on table public.*", "sql:update on table public.*"]
                    decision: hold
                    reason: A second person must agree.
                    approvers: [seniors]
                    within: 10m
                  - name: never-all
                    targets: [shop]
                    effects: ["sql:delete"]
                    when: '"no-where" in effect.flags'
                    decision: refuse
                    reason: Say which rows.
                  - name: agents-only-read
                    targets: ["*"]
                    effects: ["sql:update"]
                    when: 'actor.kind == "agent"'
                    decision: refuse
                    reason: Agents read.
              - name: analysts
                carried-by: [analysts]
                masks: [mail]
                rules:
                  - {name: all-reads, targets: ["sh*"], effects: ["sql:sel*"], decision: permit, limit-rows: 100}
              - name: broken
                carried-by: [broken]
                rules:
                  - name: divides-by-zero
                    targets: [shop]
                    effects: ["sql:select"]
                    when: '1 / (size(command.kinds) - 1) == 1'
                    decision: permit
                  - name: reads-the-text
                    targets: [shop]
                    effects: ["sql:insert"]
                    when: 'command.text.startsWith("INSERT")'
                    decision: permit
                  - name: counts-statements
                    targets: [shop]
                    effects: ["sql:merge"]
                    when: 'size(command.kinds) == 1'
                    decision: permit
            """;

    @TempDir
    private Path folder;

    private Policy policy;
    private final DelegationChain alice = DelegationChain.of(person("alice", "support"));

    @BeforeEach
    void load() throws Exception {
        policy = Shop.policy(folder, DUTIES);
    }

    private Decision decide(Command command) {
        return policy.decide(command, Shop.NOON);
    }

    @Test
    void whatNoRulePermitsIsRefused() {
        Decision decision = decide(command(alice, "a", effect("sql:drop", "public", "orders")));
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons().getFirst().rule()).isEmpty();
        assertThat(decision.obligations()).isEmpty();
    }

    @Test
    void aPermitNeedsTheDuty() {
        Command read =
                command(DelegationChain.of(person("mallory", "guests")), "b", effect("sql:select", "public", "t"));
        assertThat(decide(read).ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decide(command(alice, "b", effect("sql:select", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void oneEffectThatNoRulePermitsRefusesTheWholeCommand() {
        Decision decision =
                decide(command(alice, "c", effect("sql:select", "public", "t"), effect("sql:select", "secret", "t")));
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons()).hasSize(2);
    }

    @Test
    void holdWinsOverPermitAndCarriesItsTerms() {
        Decision decision =
                decide(command(alice, "d", effect("sql:select", "public", "t"), effect("sql:delete", "public", "t")));
        assertThat(decision.ruling()).isEqualTo(Ruling.HOLD);
        assertThat(decision.terms()).singleElement().satisfies(terms -> {
            assertThat(terms.groups()).containsExactly("approvers");
            assertThat(terms.persons()).isEqualTo(1);
            assertThat(terms.within()).hasMinutes(10);
        });
        assertThat(decision.reasons().getLast().place()).isEqualTo("change (b-duties.yaml:7)");
    }

    @Test
    void refuseWinsOverHold() {
        Decision decision = decide(command(alice, "e", flagged("sql:delete", "no-where", "public", "t")));
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(Shop.rules(decision)).containsExactly("never-all");
        assertThat(decision.terms()).isEmpty();
    }

    @Test
    void aConditionSeesWhoActs() {
        DelegationChain delegated = DelegationChain.of(person("alice", "support"), Shop.agent("bot"));
        assertThat(decide(command(delegated, "f", effect("sql:update", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
        assertThat(decide(command(alice, "f", effect("sql:update", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.HOLD);
    }

    @Test
    void aConditionThatFailsRefuses() {
        Command read = command(DelegationChain.of(person("b", "broken")), "g", effect("sql:select", "public", "t"));
        Decision decision = decide(read);
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons().getFirst().words()).contains("could not be evaluated");
    }

    @Test
    void whoCarriesTwoDutiesMeetsTheMasksOfBoth() {
        DelegationChain both = DelegationChain.of(person("carl", "support", "analysts"));
        Decision decision = decide(command(both, "h", effect("sql:select", "public", "t")));
        assertThat(decision.obligations()).hasSize(2);
        assertThat(decision.obligations().getFirst())
                .isInstanceOfSatisfying(
                        Obligation.MaskAnswer.class,
                        mask -> assertThat(mask.masks().stream().map(io.countersign.api.Mask::name))
                                .containsExactly("cards", "mail"));
        assertThat(decision.obligations().getLast()).isEqualTo(new Obligation.LimitRows(100));
    }

    @Test
    void preparingWhatWillBeHeldIsPermittedAndSaysSo() {
        Decision decision = decide(Shop.preparing(command(alice, "i", effect("sql:delete", "public", "t"))));
        assertThat(decision.ruling()).isEqualTo(Ruling.PERMIT);
        assertThat(decision.terms()).isEmpty();
        assertThat(decision.reasons().getFirst().words()).contains("will be held");
        assertThat(decide(Shop.preparing(command(alice, "j", flagged("sql:delete", "no-where", "public", "t"))))
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void equalQuestionsGetTheSameAnswerAndDifferentOnesDoNot() {
        Command first = command(alice, "k", effect("sql:select", "public", "t"));
        assertThat(decide(first)).isSameAs(decide(command(alice, "k", effect("sql:select", "public", "t"))));
        Command other =
                command(DelegationChain.of(person("alice", "guests")), "k", effect("sql:select", "public", "t"));
        assertThat(decide(other).ruling()).isEqualTo(Ruling.REFUSE);
    }

    @Test
    void anotherTextIsTheSameQuestionWhereNoRuleLooksAtIt() {
        Decision first = decide(command(alice, "one", effect("sql:select", "public", "t")));
        assertThat(decide(command(alice, "two", effect("sql:select", "public", "t"))))
                .isSameAs(first);
    }

    @Test
    void anotherTextIsAnotherQuestionWhereARuleLooksAtIt() {
        DelegationChain broken = DelegationChain.of(person("bob", "broken"));
        List<Effect> effects = List.of(effect("sql:insert", "public", "t"));
        for (int again = 0; again < 3; again++) {
            assertThat(decide(with(command(broken, "INSERT 1", effects.getFirst()), List.of("TEST"), effects))
                            .ruling())
                    .isEqualTo(Ruling.PERMIT);
            assertThat(decide(with(command(broken, "EXECUTE p", effects.getFirst()), List.of("TEST"), effects))
                            .ruling())
                    .isEqualTo(Ruling.REFUSE);
        }
    }

    @Test
    void otherKindsOfStatementsAreAnotherQuestion() {
        DelegationChain broken = DelegationChain.of(person("bob", "broken"));
        List<Effect> effects = List.of(effect("sql:merge", "public", "t"));
        for (int again = 0; again < 3; again++) {
            Command command = command(broken, "MERGE", effects.getFirst());
            assertThat(decide(with(command, List.of("MERGE"), effects)).ruling())
                    .isEqualTo(Ruling.PERMIT);
            assertThat(decide(with(command, List.of("MERGE", "MERGE"), effects)).ruling())
                    .isEqualTo(Ruling.REFUSE);
        }
    }

    /** The very same effects, as a connector says them of texts that differ in a constant. */
    private static Command with(Command command, List<String> kinds, List<Effect> effects) {
        Content content = command.content();
        return new Command(
                command.session(),
                command.number(),
                command.phase(),
                new Content(content.text(), content.digest(), kinds, effects, content.references()),
                command.binds(),
                command.state());
    }

    @Test
    void oneTextWithOtherEffectsIsAnotherQuestion() {
        // EXECUTE does what the session's prepared statement of that name says at the time.
        assertThat(decide(command(alice, "EXECUTE p", effect("sql:select", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
        assertThat(decide(command(alice, "EXECUTE p", effect("sql:delete", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.HOLD);
        assertThat(decide(command(alice, "EXECUTE p", flagged("sql:delete", "no-where", "public", "t")))
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void everyDecisionNamesTheRevision() {
        assertThat(List.of(
                        policy.revision(),
                        decide(command(alice, "l", effect("sql:drop"))).revision()))
                .allMatch(revision -> revision.matches("[0-9a-f]{64}"))
                .containsOnly(policy.revision());
    }
}
