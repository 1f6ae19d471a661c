package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.ISSUER;
import static io.countersign.approval.Requests.approves;
import static io.countersign.approval.Requests.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.identity.Agents;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.policy.Author;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A policy change is itself a command that somebody else countersigns. */
class WhoMayApproveAPolicyTest {

    private static final Author BY_BOB = new Author.Caller(DelegationChain.of(BOB));
    private static final Author BY_BOT = new Author.Caller(DelegationChain.of(ALICE, BOT));

    private static final Author COMMITS = new Author.Commits(
            "c0ffee",
            List.of(new Author.Hand("Eve", "eve@example.com"), new Author.Hand("Bob", "bob@example.com")),
            false);

    static Stream<Arguments> cases() {
        People oneBob = new People(
                List.of(new Person(
                        "bob-baker",
                        Set.of(new Person.Account(ISSUER, "bob"), new Person.Account(ISSUER, "rob")),
                        Set.of())),
                Agents.NONE);
        People addressedBob = new People(
                List.of(new Person("bob-baker", Set.of(new Person.Account(ISSUER, "rob")), Set.of("bob@example.com"))),
                Agents.NONE);
        People carolsBot = new People(
                List.of(),
                new Agents(List.of(new Agents.Agent(
                        Optional.empty(),
                        new Agents.Sign.Subject("bot"::equals),
                        Optional.empty(),
                        Set.of("carol"),
                        Set.of()))));
        return Stream.of(
                row("somebody else may", CAROL, by(BY_BOB), People.UNKNOWN),
                row("its author may not", BOB, by(BY_BOB), People.UNKNOWN, "bob stands behind this proposal (bob)"),
                row(
                        "nor under another account",
                        person("rob", "approvers"),
                        by(BY_BOB),
                        oneBob,
                        "rob stands behind this proposal"),
                row(
                        "nor on whose behalf an agent wrote it",
                        person("alice", "approvers"),
                        by(BY_BOT),
                        People.UNKNOWN,
                        "alice stands behind this proposal"),
                row("nor the agent's owner", CAROL, by(BY_BOT), carolsBot, "carol stands behind this proposal"),
                row(
                        "nor whoever keeps the folder",
                        BOB,
                        by(new Author.Named("bob-baker")),
                        oneBob,
                        "bob stands behind this proposal (bob-baker)"),
                row(
                        "nor whose verified address a commit names",
                        addressed("bob", "bob@example.com"),
                        by(COMMITS),
                        People.UNKNOWN,
                        "bob stands behind this proposal (Eve <eve@example.com>, Bob <bob@example.com>)"),
                row(
                        "nor whom the policy knows by that address",
                        person("rob", "approvers"),
                        by(COMMITS),
                        addressedBob,
                        "rob stands behind this proposal"),
                row(
                        "nor whose address nobody knows, who could be any of them",
                        CAROL,
                        by(COMMITS),
                        People.UNKNOWN,
                        "carol may have written this proposal, which came by git"),
                row(
                        "whose address is another may",
                        addressed("carol", "carol@example.com"),
                        by(COMMITS),
                        People.UNKNOWN),
                row("what nobody knows the author of, everybody else may", BOB, by(new Author.Unknown()), oneBob),
                row("no agent may", BOT, by(BY_BOB), People.UNKNOWN, "Agents never countersign"),
                row(
                        "nobody may twice",
                        CAROL,
                        new Proposed("proposed", true, BY_BOB, List.of(approves(CAROL)), Set.of("approvers")),
                        People.UNKNOWN,
                        "carol has voted on this proposal before"),
                row(
                        "only members of the groups that the policy in force names may",
                        ALICE,
                        by(BY_BOB),
                        People.UNKNOWN,
                        "Only members of approvers may countersign changes of the policy"),
                row(
                        "what is decided stays decided",
                        CAROL,
                        new Proposed("rejected", false, BY_BOB, List.of(), Set.of("approvers")),
                        People.UNKNOWN,
                        "The proposal is rejected already"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isDecidedByTheSameHouse(String name, Identity voter, Proposed change, People people, List<String> reasons) {
        Eligibility eligibility = Approvers.mayApprove(DelegationChain.of(voter), change, people);
        List<String> found = eligibility instanceof Excluded(List<String> all) ? all : List.of();
        assertThat(found).hasSameSizeAs(reasons);
        for (int i = 0; i < reasons.size(); i++) {
            assertThat(found.get(i)).contains(reasons.get(i));
        }
    }

    private static Identity addressed(String name, String email) {
        Identity known = person(name, "approvers");
        return new Identity(
                known.issuer(),
                known.subject(),
                known.name(),
                known.groups(),
                known.kind(),
                new Claims(Optional.of(email), Optional.empty(), Map.of()));
    }

    private static Proposed by(Author author) {
        return new Proposed("proposed", true, author, List.of(), Set.of("approvers"));
    }

    private static Arguments row(String name, Identity voter, Proposed change, People people, String... reasons) {
        return Arguments.of(name, voter, change, people, List.of(reasons));
    }
}
