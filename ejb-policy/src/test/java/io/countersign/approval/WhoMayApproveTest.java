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
import static io.countersign.approval.Requests.plain;
import static io.countersign.approval.Requests.staged;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held.Owner;
import io.countersign.identity.Agents;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.policy.ApproverGroup;
import io.countersign.policy.ApproverGroup.Hours;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
                        "asked for this, and somebody else must"),
                line(
                        "a changed name or group makes nobody else of the requester",
                        DelegationChain.of(new Identity(
                                ISSUER, "alice", "Someone Else", Set.of("approvers"), Identity.Kind.PERSON)),
                        pending(alice, List.of(), List.of(), t()),
                        "asked for this, and somebody else must"),
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
                        "asked for this, and somebody else must"),
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
                        "asked for this, and somebody else must"),
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
                        "bob owns deploy-bot"),
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
                        "countersigned already",
                        "Only members of security may"),
                line(
                        "who belongs to the group still missing may",
                        DelegationChain.of(DAVE),
                        pending(alice, List.of(approves(BOB)), List.of(), t(), terms(1, "security")),
                        ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void everyReasonIsGiven(String name, DelegationChain voter, Standing request, List<String> reasons) {
        Eligibility eligibility = Approvers.mayApprove(voter, request, plain());
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
            assertThat(Approvers.mayApprove(bob(), ended, plain())).isInstanceOf(Excluded.class);
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
        assertThat(twice.allMet(People.UNKNOWN)).isFalse();
        assertThat(withAgent.allMet(People.UNKNOWN)).isFalse();
        assertThat(two.allMet(People.UNKNOWN)).isTrue();
    }

    @Test
    void onePersonOfTwoGroupsMeetsTheTermsOfBothRules() {
        Standing standing =
                pending(DelegationChain.of(ALICE), List.of(approves(DAVE)), List.of(), t(), terms(1, "security"));
        assertThat(standing.allMet(People.UNKNOWN)).isTrue();
    }

    /** Who is who by the policy, and what is so now. */
    static Stream<Arguments> circumstances() {
        DelegationChain alice = DelegationChain.of(withMail("alice", "alice@example.com", "engineers"));
        Standing asked = pending(alice, List.of(), List.of(), t());
        Standing byBot = pending(
                DelegationChain.of(ALICE, BOT), List.of(), List.of(new Owner(Account.of(CAROL), "deploy-bot")), t());
        People twoAccounts = new People(
                List.of(new Person(
                        "alice-adams",
                        Set.of(new Person.Account(ISSUER, "alice"), new Person.Account(ISSUER, "aadams")),
                        Set.of("a.adams@example.com"))),
                Agents.NONE);
        return Stream.of(
                row(
                        "a second account with the requester's verified address may not",
                        withMail("aadams", "alice@example.com", "approvers"),
                        asked,
                        People.UNKNOWN,
                        "are one person: both have the verified e-mail address alice@example.com"),
                row(
                        "another address is another person",
                        withMail("bob", "bob@example.com", "approvers"),
                        asked,
                        People.UNKNOWN),
                row(
                        "a second account that the policy knows may not",
                        person("aadams", "approvers"),
                        asked,
                        twoAccounts,
                        "are one person: the policy knows both as alice-adams"),
                row(
                        "nor one of another issuer with a verified address of that person",
                        new Identity(
                                "https://other.example",
                                "x",
                                "x",
                                Set.of("approvers"),
                                Identity.Kind.PERSON,
                                mail("a.adams@example.com")),
                        asked,
                        twoAccounts,
                        "are one person: the policy knows both as alice-adams"),
                row(
                        "a second account of an agent's owner may not",
                        person("cc", "approvers"),
                        byBot,
                        new People(
                                List.of(new Person(
                                        "carol",
                                        Set.of(new Person.Account(ISSUER, "carol"), new Person.Account(ISSUER, "cc")),
                                        Set.of())),
                                Agents.NONE),
                        "cc owns deploy-bot, which asks for this"),
                row(
                        "who became an agent's owner while it waited may not",
                        BOB,
                        byBot,
                        new People(List.of(), agents("bot", "bob")),
                        "bob owns deploy-bot, which asks for this"),
                row(
                        "an owner whom the policy names by address may not",
                        withMail("dora", "dora@example.com", "approvers"),
                        byBot,
                        new People(List.of(), agents("bot", "Dora@example.com")),
                        "dora owns deploy-bot"),
                row(
                        "whom the policy knows as an agent by now may not, whatever the sign-in said",
                        BOB,
                        asked,
                        new People(List.of(), agents("bob", "carol")),
                        "Agents never countersign, and bob is one"),
                row(
                        "who has voted may not again under another account",
                        person("rob", "approvers"),
                        pending(alice, List.of(approves(BOB)), List.of(), terms(2, "approvers")),
                        new People(
                                List.of(new Person(
                                        "bob",
                                        Set.of(new Person.Account(ISSUER, "bob"), new Person.Account(ISSUER, "rob")),
                                        Set.of())),
                                Agents.NONE),
                        "rob has voted on this request before, as bob (bob): the policy knows both as bob"),
                row(
                        "everything against somebody is said at once",
                        withMail("alice", "alice@example.com", "guests"),
                        byBot,
                        new People(List.of(), agents("bot", "alice")),
                        "alice asked for this",
                        "alice owns deploy-bot",
                        "Only members of approvers may"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("circumstances")
    void whoeverSomebodyIsBesides(String name, Identity voter, Standing request, People people, List<String> reasons) {
        Eligibility eligibility =
                Approvers.mayApprove(DelegationChain.of(voter), request, new Circumstances(people, Instant.EPOCH, 0));
        assertThat(reasonsOf(eligibility)).hasSameSizeAs(reasons);
        for (int i = 0; i < reasons.size(); i++) {
            assertThat(reasonsOf(eligibility).get(i)).contains(reasons.get(i));
        }
    }

    @Test
    void anApproverGroupVotesInItsWorkingHours() {
        ApproverGroup office = new ApproverGroup(
                "office",
                Set.of("approvers"),
                Optional.of(new Hours(
                        EnumSet.of(DayOfWeek.MONDAY),
                        LocalTime.of(8, 0),
                        LocalTime.of(18, 0),
                        ZoneId.of("Europe/Berlin"))),
                OptionalInt.empty());
        Standing request =
                pending(DelegationChain.of(ALICE), List.of(), List.of(), staged(Stage.of(1, List.of(office))));
        Map<String, Boolean> table = Map.of(
                "2026-03-02T07:00:00Z", true,
                "2026-03-02T06:59:59Z", false,
                "2026-03-02T16:59:59Z", true,
                "2026-03-02T17:00:00Z", false,
                "2026-03-03T12:00:00Z", false,
                "2026-07-06T06:00:00Z", true);
        table.forEach((time, may) -> {
            Eligibility eligibility =
                    Approvers.mayApprove(bob(), request, new Circumstances(People.UNKNOWN, Instant.parse(time), 0));
            assertThat(eligibility instanceof Eligible).as(time).isEqualTo(may);
            assertThat(reasonsOf(eligibility))
                    .allMatch(reason -> reason.equals("office countersign mon 08:00-18:00 Europe/Berlin only."));
        });
    }

    @Test
    void whoHasApprovedManyThatStillWaitApprovesNoMore() {
        ApproverGroup busy = new ApproverGroup("seniors", Set.of("approvers"), Optional.empty(), OptionalInt.of(2));
        Standing request = pending(DelegationChain.of(ALICE), List.of(), List.of(), staged(Stage.of(1, List.of(busy))));
        assertThat(Approvers.mayApprove(bob(), request, new Circumstances(People.UNKNOWN, Instant.EPOCH, 1)))
                .isEqualTo(new Eligible());
        assertThat(reasonsOf(Approvers.mayApprove(bob(), request, new Circumstances(People.UNKNOWN, Instant.EPOCH, 2))))
                .containsExactly("bob has approved 2 requests that still wait for others, as many as seniors may.");
    }

    private static List<String> reasonsOf(Eligibility eligibility) {
        return eligibility instanceof Excluded(List<String> reasons) ? reasons : List.of();
    }

    private static Agents agents(String subject, String... owners) {
        return new Agents(List.of(new Agents.Agent(
                Optional.empty(),
                new Agents.Sign.Subject(subject::equals),
                Optional.empty(),
                Set.of(owners),
                Set.of())));
    }

    private static Claims mail(String address) {
        return new Claims(Optional.of(address), Optional.empty(), Map.of());
    }

    private static Identity withMail(String name, String address, String... groups) {
        return new Identity(ISSUER, name, name, Set.of(groups), Identity.Kind.PERSON, mail(address));
    }

    private static Arguments row(String name, Identity voter, Standing request, People people, String... reasons) {
        return Arguments.of(name, voter, request, people, List.of(reasons));
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
