package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static io.countersign.approval.Requests.ISSUER;
import static io.countersign.approval.Requests.approves;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.pending;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.plain;
import static io.countersign.approval.Requests.staged;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.identity.Agents;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StagesAreMetInOrderTest {

    private static final Identity ERIN = person("erin", "security");
    private static final Terms PEERS_THEN_SECURITY =
            staged(Stage.of(1, List.of(group("approvers"))), Stage.of(1, List.of(group("security"))));

    private static Standing standing(Terms terms, Identity... approved) {
        return pending(
                DelegationChain.of(ALICE),
                Stream.of(approved).map(Requests::approves).toList(),
                List.of(),
                terms);
    }

    private static List<Integer> counted(Standing standing) {
        return standing.progress(People.UNKNOWN).getFirst().stages().stream()
                .map(at -> at.counted().size())
                .toList();
    }

    private static Eligibility may(Identity voter, Standing standing) {
        return Approvers.mayApprove(DelegationChain.of(voter), standing, plain());
    }

    @Test
    void aLaterStageWaitsForTheEarlierOne() {
        Standing fresh = standing(PEERS_THEN_SECURITY);
        assertThat(may(BOB, fresh)).isEqualTo(new Eligible());
        assertThat(may(ERIN, fresh))
                .isInstanceOfSatisfying(
                        Excluded.class,
                        excluded -> assertThat(excluded.reasons())
                                .containsExactly(
                                        "Only members of approvers may countersign this at its present stage."));
        Standing peersAgreed = standing(PEERS_THEN_SECURITY, BOB);
        assertThat(may(ERIN, peersAgreed)).isEqualTo(new Eligible());
        assertThat(may(CAROL, peersAgreed)).isInstanceOf(Excluded.class);
        assertThat(peersAgreed.allMet(People.UNKNOWN)).isFalse();
        assertThat(standing(PEERS_THEN_SECURITY, BOB, ERIN).allMet(People.UNKNOWN))
                .isTrue();
    }

    @Test
    void aPersonTakesOneSeatOverAllStages() {
        // dave is of both groups, and still counts once.
        Standing daveAgreed = standing(PEERS_THEN_SECURITY, DAVE);
        assertThat(counted(daveAgreed)).containsExactly(1, 0);
        assertThat(may(DAVE, daveAgreed)).isInstanceOf(Excluded.class);
        assertThat(standing(PEERS_THEN_SECURITY, DAVE, DAVE).allMet(People.UNKNOWN))
                .isFalse();
        assertThat(standing(PEERS_THEN_SECURITY, DAVE, ERIN).allMet(People.UNKNOWN))
                .isTrue();
    }

    @Test
    void aPersonIsNotTwoByTwoAccounts() {
        People people = new People(
                List.of(new Person(
                        "bob",
                        Set.of(new Person.Account(ISSUER, "bob"), new Person.Account(ISSUER, "erin")),
                        Set.of())),
                Agents.NONE);
        assertThat(standing(PEERS_THEN_SECURITY, BOB, ERIN).allMet(people)).isFalse();
        assertThat(standing(PEERS_THEN_SECURITY, BOB, DAVE).allMet(people)).isTrue();
    }

    @Test
    void allOfThemMeansOneOfEachGroup() {
        Terms each = staged(Stage.all(List.of(group("approvers"), group("security"))));
        assertThat(standing(each, BOB, CAROL).allMet(People.UNKNOWN)).isFalse();
        assertThat(may(CAROL, standing(each, BOB)))
                .isInstanceOfSatisfying(
                        Excluded.class,
                        excluded -> assertThat(excluded.reasons())
                                .containsExactly(
                                        "The seats of approvers are taken; others are missing at this stage."));
        assertThat(standing(each, BOB, ERIN).allMet(People.UNKNOWN)).isTrue();
        assertThat(standing(each, DAVE).allMet(People.UNKNOWN)).isFalse();
    }

    @Test
    void whoFitsTwoSeatsMovesToTheOneThatIsLeft() {
        Terms each = staged(Stage.all(List.of(group("approvers"), group("security"))));
        // dave sat down for approvers first, and moves to security when bob comes, who fits approvers only.
        assertThat(may(BOB, standing(each, DAVE))).isEqualTo(new Eligible());
        assertThat(standing(each, DAVE, BOB).allMet(People.UNKNOWN)).isTrue();
    }

    @Test
    void whoAgreedForOneRuleCountsForTheOtherOnceItsStageComes() {
        Terms security = new Terms(
                "exports-need-security",
                List.of(Stage.of(1, List.of(group("security")))),
                PEERS_THEN_SECURITY.within());
        Standing both = pending(
                DelegationChain.of(ALICE),
                List.of(approves(ERIN), approves(BOB)),
                List.of(),
                PEERS_THEN_SECURITY,
                security);
        assertThat(both.allMet(People.UNKNOWN)).isTrue();
    }

    @Test
    void aRejectionIsNoApproval() {
        Standing rejected = pending(
                DelegationChain.of(ALICE),
                List.of(new Ballot(BOB, Choice.REJECT, "no", java.time.Instant.EPOCH)),
                List.of(),
                PEERS_THEN_SECURITY);
        assertThat(counted(rejected)).containsExactly(0, 0);
    }
}
