package io.countersign.plan;

import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.ISSUER;
import static io.countersign.approval.Requests.approves;
import static io.countersign.approval.Requests.person;
import static io.countersign.plan.Office.ANNA;
import static io.countersign.plan.Office.NOON;
import static io.countersign.plan.Office.OTTO;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Ballot;
import io.countersign.identity.Agents;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.policy.Planning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WhoMayRunAPlanTest {

    private static final String REVISION = "r1";
    private static final Identity ANNA_TOO = person("anna-admin", "operations");
    private static final Identity BOB_TOO = person("bob", "approvers", "operations");
    private static final People PEOPLE = new People(
            List.of(new Person(
                    "anna",
                    Set.of(new Person.Account(ISSUER, "anna"), new Person.Account(ISSUER, "anna-admin")),
                    Set.of())),
            Agents.NONE);
    private static final Planning OTHERS = planning(false);

    static Stream<Arguments> cases() {
        PlanStanding ready = plan(DelegationChain.of(ANNA), PlanState.READY);
        return Stream.of(
                line("a member of the executors may", ready, OTTO, ""),
                line("nobody else may", ready, person("eve", "support"), "Only members of operations may run plans."),
                line(
                        "nobody before it is approved",
                        plan(DelegationChain.of(ANNA), PlanState.PENDING),
                        OTTO,
                        "waits to be approved"),
                line(
                        "nobody while it runs",
                        plan(DelegationChain.of(ANNA), PlanState.RUNNING),
                        OTTO,
                        "is running already"),
                line("nobody again", plan(DelegationChain.of(ANNA), PlanState.DONE), OTTO, "is done already"),
                line("nobody after its end", plan(DelegationChain.of(ANNA), PlanState.ENDED), OTTO, "is over: it was"),
                line(
                        "its planner may not",
                        plan(DelegationChain.of(OTTO), PlanState.READY),
                        OTTO,
                        "otto stands behind plan 7"),
                line("nor under another account", ready, ANNA_TOO, "anna-admin stands behind plan 7"),
                line("nor who approved it", ready, BOB_TOO, "bob approved this plan, and somebody else must run it."),
                line(
                        "nor who stands in the planner's chain",
                        plan(DelegationChain.of(ANNA, OTTO), PlanState.READY),
                        OTTO,
                        "otto stands behind plan 7"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void itIsSaidWhyNot(String name, PlanStanding plan, Identity who, String words) {
        assertThat(String.join(" ", mayRun(plan, DelegationChain.of(who), OTHERS, REVISION, NOON)))
                .satisfies(all -> assertThat(all.isEmpty()).isEqualTo(words.isEmpty()))
                .contains(words);
    }

    @Test
    void everyReasonIsListed() {
        assertThat(mayRun(
                        plan(DelegationChain.of(ANNA), PlanState.READY), DelegationChain.of(ANNA), OTHERS, "r2", NOON))
                .hasSize(3);
    }

    @Test
    void neitherPlannerNorApproverMayThroughAnAgent() {
        PlanStanding plan = plan(DelegationChain.of(ANNA), PlanState.READY);
        Planning anybody = new Planning(
                Set.of("support"),
                Set.of("support", "approvers"),
                false,
                OTHERS.stages(),
                Duration.ofHours(1),
                Duration.ofHours(1),
                "f",
                1);
        assertThat(mayRun(plan, DelegationChain.of(ANNA, BOT), anybody, REVISION, NOON))
                .hasSize(1);
        assertThat(mayRun(plan, DelegationChain.of(BOB, BOT), anybody, REVISION, NOON))
                .hasSize(1);
    }

    @Test
    void thePolicyMayLetPlannersRunTheirOwnButNeverApprovers() {
        Identity both = person("anna", "support", "operations");
        PlanStanding plan = plan(DelegationChain.of(both), PlanState.READY);
        assertThat(mayRun(plan, DelegationChain.of(both), planning(true), REVISION, NOON))
                .isEmpty();
        assertThat(Executors.chain(plan, DelegationChain.of(both))).contains(DelegationChain.of(both));
        assertThat(mayRun(plan, DelegationChain.of(BOB_TOO), planning(true), REVISION, NOON))
                .hasSize(1);
    }

    @Test
    void itsTimeAndThePolicyThatJudgedItCount() {
        PlanStanding plan = plan(DelegationChain.of(ANNA), PlanState.READY);
        assertThat(mayRun(plan, DelegationChain.of(OTTO), OTHERS, REVISION, NOON.plusSeconds(3_599)))
                .isEmpty();
        assertThat(mayRun(plan, DelegationChain.of(OTTO), OTHERS, REVISION, NOON.plusSeconds(3_600)))
                .hasSize(1);
        assertThat(mayRun(plan, DelegationChain.of(OTTO), OTHERS, "r2", NOON))
                .containsExactly("The policy has changed since plan 7 was submitted: submit it again.");
        assertThat(Executors.mayRun(
                        plan,
                        List.of(),
                        DelegationChain.of(OTTO),
                        "bank",
                        "datestyle=DMY, timezone=UTC",
                        Optional.of(OTHERS),
                        PEOPLE,
                        REVISION,
                        NOON))
                .containsExactly(
                        "Plan 7 is for target shop.",
                        "Plan 7 runs with the settings timezone=UTC, and not with datestyle=DMY, timezone=UTC.");
    }

    @Test
    void whatCannotBeBegunAnyMoreIsOver() {
        PlanStanding ready = plan(DelegationChain.of(ANNA), PlanState.READY);
        assertThat(ready.overdue(NOON.plusSeconds(3_599), REVISION)).isEmpty();
        assertThat(ready.overdue(NOON.plusSeconds(3_600), REVISION)).contains("nobody began it in time");
        assertThat(ready.overdue(NOON, "r2")).contains("the policy has changed since it was submitted");
        assertThat(ready.overdue(NOON, "")).isEmpty();
        assertThat(plan(DelegationChain.of(ANNA), PlanState.RUNNING).overdue(NOON.plusSeconds(3_600), "r2"))
                .isEmpty();
    }

    @Test
    void itRunsOnBehalfOfItsPlannerThroughWhoeverRunsIt() {
        PlanStanding plan = plan(DelegationChain.of(ANNA, BOT), PlanState.READY);
        assertThat(Executors.chain(plan, DelegationChain.of(OTTO))).contains(DelegationChain.of(ANNA, BOT, OTTO));
        assertThat(Executors.chain(plan, DelegationChain.of(OTTO, BOT, BOT, BOT, BOT, BOT, BOT)))
                .isEmpty();
    }

    private static List<String> mayRun(
            PlanStanding plan, DelegationChain who, Planning planning, String revision, Instant now) {
        List<Ballot> votes = List.of(approves(BOB));
        return Executors.mayRun(plan, votes, who, "shop", "timezone=UTC", Optional.of(planning), PEOPLE, revision, now);
    }

    private static Planning planning(boolean own) {
        Planning read = Office.policy().planning().orElseThrow();
        return new Planning(
                read.planners(), read.executors(), own, read.stages(), read.within(), read.lasts(), "shop.yaml", 7);
    }

    private static PlanStanding plan(DelegationChain planner, PlanState state) {
        return new PlanStanding(
                7,
                state,
                1,
                planner,
                "postgres",
                "shop",
                "month end",
                new TreeMap<>(Map.of("timezone", "UTC")),
                List.of(),
                REVISION,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                NOON,
                Optional.of(NOON.plusSeconds(3_600)),
                Optional.empty(),
                Optional.of("it was ended"));
    }

    private static Arguments line(String name, PlanStanding plan, Identity who, String words) {
        return Arguments.of(name, plan, who, words);
    }
}
