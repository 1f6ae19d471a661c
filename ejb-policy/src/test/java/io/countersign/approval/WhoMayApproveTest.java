package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static io.countersign.approval.Requests.ISSUER;
import static io.countersign.approval.Requests.approves;
import static io.countersign.approval.Requests.pending;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held.Owner;
import io.countersign.policy.Decision.Terms;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WhoMayApproveTest {

    private static final Identity ALICE_AS_APPROVER = person("alice", "engineers", "approvers");

    static Stream<Arguments> cases() {
        DelegationChain alice = DelegationChain.of(ALICE);
        DelegationChain bot = DelegationChain.of(ALICE, BOT);
        return Stream.of(
                line("somebody else in an approver group may", bob(), pending(alice, List.of(), List.of(), t()), ""),
                line(
                        "the requester may not, approver or not",
                        DelegationChain.of(ALICE_AS_APPROVER),
                        pending(alice, List.of(), List.of(), t()),
                        "You asked for this yourself"),
                line(
                        "a changed name or group makes nobody else of the requester",
                        DelegationChain.of(new Identity(
                                ISSUER, "alice", "Someone Else", Set.of("approvers"), Identity.Kind.PERSON)),
                        pending(alice, List.of(), List.of(), t()),
                        "You asked for this yourself"),
                line(
                        "the same subject of another issuer is somebody else",
                        DelegationChain.of(new Identity(
                                "https://other.example", "alice", "alice", Set.of("approvers"), Identity.Kind.PERSON)),
                        pending(alice, List.of(), List.of(), t()),
                        ""),
                line(
                        "the person an agent acts for may not",
                        DelegationChain.of(ALICE_AS_APPROVER),
                        pending(bot, List.of(), List.of(), t()),
                        "You asked for this yourself"),
                line(
                        "a person in the middle of the chain may not",
                        bob(),
                        pending(DelegationChain.of(ALICE, BOB, BOT), List.of(), List.of(), t()),
                        "stands in the delegation chain"),
                line(
                        "an agent may not, even of an approver group",
                        DelegationChain.of(BOT),
                        pending(alice, List.of(), List.of(), t()),
                        "Agents never countersign"),
                line(
                        "nobody may through an agent",
                        DelegationChain.of(BOB, BOT),
                        pending(alice, List.of(), List.of(), t()),
                        "through somebody else",
                        "Agents never countersign"),
                line(
                        "the requester may not through another person either",
                        DelegationChain.of(BOB, ALICE_AS_APPROVER),
                        pending(alice, List.of(), List.of(), t()),
                        "through somebody else",
                        "You asked for this yourself"),
                line(
                        "an agent cannot approve itself",
                        DelegationChain.of(BOT),
                        pending(bot, List.of(), List.of(), t()),
                        "Agents never countersign",
                        "stands in the delegation chain"),
                line(
                        "the owner of an agent in the chain may not",
                        bob(),
                        pending(bot, List.of(), List.of(new Owner(Account.of(BOB), "deploy-bot")), t()),
                        "You own deploy-bot"),
                line(
                        "who is in no approver group may not",
                        DelegationChain.of(person("eve", "engineers")),
                        pending(alice, List.of(), List.of(), t()),
                        "Only members of approvers may"),
                line(
                        "who has voted may not again",
                        bob(),
                        pending(alice, List.of(approves(BOB)), List.of(), terms(2, "approvers")),
                        "voted on this request before"),
                line(
                        "a second person may where two are needed",
                        DelegationChain.of(CAROL),
                        pending(alice, List.of(approves(BOB)), List.of(), terms(2, "approvers")),
                        ""),
                line(
                        "who belongs only to a group that is content need not",
                        DelegationChain.of(CAROL),
                        pending(alice, List.of(approves(BOB)), List.of(), t(), terms(1, "security")),
                        "countersigned already"),
                line(
                        "who belongs to the group still missing may",
                        DelegationChain.of(DAVE),
                        pending(alice, List.of(approves(BOB)), List.of(), t(), terms(1, "security")),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyReasonIsGiven(String name, DelegationChain voter, Standing request, List<String> reasons) {
        Eligibility eligibility = Approvers.mayApprove(voter, request);
        if (reasons.isEmpty()) {
            assertThat(eligibility).isEqualTo(new Eligible());
        } else {
            assertThat(eligibility).isInstanceOfSatisfying(Excluded.class, excluded -> {
                assertThat(excluded.reasons()).hasSameSizeAs(reasons);
                for (int i = 0; i < reasons.size(); i++) {
                    assertThat(excluded.reasons().get(i)).contains(reasons.get(i));
                }
            });
        }
    }

    @Test
    void nobodyMayOnceItIsDecided() {
        Standing pending = pending(DelegationChain.of(ALICE), List.of(), List.of(), t());
        for (State state : List.of(State.APPROVED, State.REJECTED, State.EXPIRED, State.WITHDRAWN, State.ABANDONED)) {
            Standing ended = new Standing(
                    1, state, pending.held(), pending.since(), pending.until(), Optional.of(Instant.EPOCH), List.of());
            assertThat(Approvers.mayApprove(bob(), ended)).isInstanceOf(Excluded.class);
        }
    }

    @Test
    void aQuorumCountsPersonsAndNotVotes() {
        Standing twice = pending(
                DelegationChain.of(ALICE), List.of(approves(BOB), approves(BOB)), List.of(), terms(2, "approvers"));
        Standing withAgent = pending(
                DelegationChain.of(ALICE), List.of(approves(BOB), approves(BOT)), List.of(), terms(2, "approvers"));
        Standing two = pending(
                DelegationChain.of(ALICE), List.of(approves(BOB), approves(CAROL)), List.of(), terms(2, "approvers"));
        assertThat(twice.allMet()).isFalse();
        assertThat(withAgent.allMet()).isFalse();
        assertThat(two.allMet()).isTrue();
    }

    @Test
    void onePersonOfTwoGroupsMeetsTheTermsOfBothRules() {
        Standing standing =
                pending(DelegationChain.of(ALICE), List.of(approves(DAVE)), List.of(), t(), terms(1, "security"));
        assertThat(standing.allMet()).isTrue();
    }

    private static DelegationChain bob() {
        return DelegationChain.of(BOB);
    }

    private static Terms t() {
        return terms(1, "approvers");
    }

    private static Arguments line(String name, DelegationChain voter, Standing request, String... reasons) {
        return Arguments.of(
                name,
                voter,
                request,
                Stream.of(reasons).filter(reason -> !reason.isEmpty()).toList());
    }
}
