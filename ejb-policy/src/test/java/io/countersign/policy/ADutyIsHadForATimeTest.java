package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.policy.Decision.Ruling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ADutyIsHadForATimeTest {

    private static final String DUTIES = """
            duties:
              - name: support
                carried-by: [support]
                masks: [cards]
                rules:
                  - {name: change, targets: [shop], effects: ["sql:update"], decision: hold, reason: two see more, approvers: [seniors]}
                  - {name: never, targets: [shop], effects: ["sql:drop"], decision: refuse, reason: never}
              - name: mend
                carried-by: [on-call]
                break-glass: {lasts: 20m, signed-in-within: 3m, approvers: [seniors]}
                rules:
                  - {name: mend-anything, targets: [shop], effects: ["sql:update", "sql:drop"], decision: permit}
              - name: clean
                grants: {to: [support], longest: 2h, within: 30m, approvers: [seniors]}
                rules:
                  - {name: clean-up, targets: [shop], effects: ["sql:delete"], decision: permit}
            """;

    private static final Identity SUPPORT = person("alice", "support");
    private static final Identity ON_CALL = person("olga", "support", "on-call");

    @TempDir
    private Path folder;

    private Policy policy;

    @BeforeEach
    void load() throws Exception {
        policy = Shop.policy(folder, DUTIES);
    }

    @Test
    void untilTheGlassIsBrokenNobodyHasItsDuty() {
        assertThat(decide(ON_CALL, Set.of(), "sql:update").ruling()).isEqualTo(Ruling.HOLD);
        assertThat(decide(person("otto", "on-call"), Set.of(), "sql:update").ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void brokenGlassPermitsWhatOthersWouldBeAskedFor() {
        Decision decision = decide(ON_CALL, Set.of("mend"), "sql:update");
        assertThat(decision.ruling()).isEqualTo(Ruling.PERMIT);
        assertThat(decision.duties()).contains("mend");
        assertThat(decision.reasons()).extracting(Decision.Reason::rule).containsExactly("mend-anything");
    }

    @Test
    void theMasksOfTheRuleThatWouldHoldStillApply() {
        assertThat(decide(ON_CALL, Set.of("mend"), "sql:update").obligations())
                .singleElement()
                .isInstanceOfSatisfying(
                        Obligation.MaskAnswer.class,
                        mask -> assertThat(mask.masks()).extracting(Mask::name).containsExactly("cards"));
    }

    @Test
    void whatIsRefusedStaysRefused() {
        assertThat(decide(ON_CALL, Set.of("mend"), "sql:drop").ruling()).isEqualTo(Ruling.REFUSE);
    }

    @Test
    void aGrantGivesTheDutyAndItsEndTakesItAgainWhateverIsRemembered() {
        for (int time = 0; time < 3; time++) {
            assertThat(decide(SUPPORT, Set.of(), "sql:delete").ruling()).isEqualTo(Ruling.REFUSE);
            assertThat(decide(SUPPORT, Set.of("clean"), "sql:delete").ruling()).isEqualTo(Ruling.PERMIT);
        }
    }

    @Test
    void whoeverHasLeftTheGroupHasLostIt() {
        assertThat(decide(person("alice", "sales"), Set.of("clean"), "sql:delete")
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
        assertThat(decide(SUPPORT, Set.of("mend"), "sql:update").ruling()).isEqualTo(Ruling.HOLD);
    }

    @Test
    void noGrantGivesADutyThatIsNotGranted() {
        assertThat(decide(person("sid", "sales"), Set.of("support"), "sql:update")
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void dutiesThatNobodyMayCarryTogetherAreNotHadTogetherForATimeEither() throws Exception {
        Policy apart = Shop.policy(
                folder, DUTIES + "separations: [{name: four-eyes, kind: static, duties: [support, clean]}]\n");
        assertThat(apart.conflict(Set.of("support"))).isEmpty();
        assertThat(apart.conflict(Set.of("support"), Set.of("clean")))
                .hasValueSatisfying(
                        words -> assertThat(words).contains("duty support by group support", "duty clean by a grant"));
        assertThat(apart.decide(ask(SUPPORT, "sql:delete"), Set.of("clean"), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void itsTimesAndReviewersAreRead() {
        assertThat(policy.elevation("mend")).hasValueSatisfying(elevation -> {
            assertThat(elevation).isInstanceOf(Elevation.BreakGlass.class);
            assertThat(elevation.longest()).isEqualTo(Duration.ofMinutes(20));
            assertThat(((Elevation.BreakGlass) elevation).signedInWithin()).isEqualTo(Duration.ofMinutes(3));
            assertThat(elevation.stages())
                    .singleElement()
                    .satisfies(stage -> assertThat(stage.quorum()).isEqualTo(2));
        });
        assertThat(policy.elevation("clean")).hasValueSatisfying(elevation -> {
            assertThat(elevation.groups()).containsExactly("support");
            assertThat(((Elevation.Grantable) elevation).within()).isEqualTo(Duration.ofMinutes(30));
        });
        assertThat(policy.elevation("support")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "break-glass: {approvers: [seniors], quorum: 1}                | reviewed by 2 others or more",
                "break-glass: {lasts: 5m}                                      | needs 'approvers'",
                "break-glass: {approvers: [seniors], lasts: 13h}               | 'lasts' is longer than it may be",
                "break-glass: {approvers: [seniors], lasts: 0s}                | 'lasts' must be longer than nothing",
                "break-glass: {approvers: [nobody]}                            | there is no approver group named nobody",
                "break-glass: {approvers: [seniors], who: me}                  | 'who' is not known here",
                "grants: {approvers: [seniors]}                                | 'grants' need 'to'",
                "grants: {to: [g]}                                             | need 'approvers'",
                "grants: {to: [g], approvers: [seniors], longest: 31d}         | 'longest' is longer than it may be",
                "grants: {to: [g], approvers: [seniors], within: soon}         | 'within' must be a time",
            })
    void everyProblemIsTold(String field, String expected) throws Exception {
        assertThat(Shop.problems(folder, """
                        duties:
                          - name: d
                            carried-by: [g]
                            %s
                            rules:
                              - {name: r, targets: [shop], effects: ["sql:select"], decision: permit}
                        """.formatted(field))).anyMatch(problem -> problem.contains(expected));
    }

    @Test
    void nobodyIsAskedFirstWhereTheGlassIsBroken() throws Exception {
        assertThat(Shop.problems(folder, """
                        duties:
                          - name: d
                            carried-by: [g]
                            break-glass: {approvers: [seniors]}
                            rules:
                              - {name: r, targets: [shop], effects: ["sql:select"], decision: hold, reason: r, approvers: [seniors]}
                        """)).anyMatch(problem -> problem.contains("permits at once or refuses"));
    }

    private Decision decide(Identity who, Set<String> elevated, String action) {
        return policy.decide(ask(who, action), elevated, Shop.NOON);
    }

    private static Command ask(Identity who, String action) {
        return command(DelegationChain.of(who), action, effect(action, "public", "orders"));
    }
}
