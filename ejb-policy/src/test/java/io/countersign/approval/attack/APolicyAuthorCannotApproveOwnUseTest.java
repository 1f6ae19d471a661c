package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.staged;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Requests;
import io.countersign.approval.State;
import io.countersign.approval.Today;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.identity.Person;
import io.countersign.policy.Author;
import io.countersign.policy.Framer;
import io.countersign.policy.Stage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: whoever writes or approves a rule lets others through it with a second vote of the same hand. */
@Timeout(60)
class APolicyAuthorCannotApproveOwnUseTest {

    private static final Framer WROTE = framer(false, BOB);
    private static final Framer APPROVED = framer(true, CAROL);

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    @Test
    void neitherTheAuthorNorTheApproverOfTheRule() throws Exception {
        long request = held(WROTE, APPROVED);
        assertThat(office.approve(request, BOB))
                .isEqualTo(new Voted.NotAllowed(List.of("bob wrote rule delete-needs-approval as it is, which lets this"
                        + " through; somebody else must countersign it.")));
        assertThat(office.approve(request, CAROL))
                .isEqualTo(new Voted.NotAllowed(List.of("carol approved rule delete-needs-approval as it is, which lets"
                        + " this through; somebody else must countersign it.")));
        assertThat(Office.state(office.approve(request, DAVE))).isEqualTo(State.APPROVED);
        assertThat(office.record()).containsSubsequence("vote-refused", "vote-refused", "vote", "release");
    }

    @Test
    void norUnderAnotherAccount() throws Exception {
        Identity rob = person("rob", "approvers");
        office.people = Office.onePerson("bob-baker", BOB, rob);
        assertThat(office.approve(held(WROTE), rob)).isInstanceOf(Voted.NotAllowed.class);
    }

    @Test
    void norForWhomAnAgentWroteItNorWhoOwnsThat() throws Exception {
        office.people = Office.agent("bot", "dave");
        long request = held(framer(false, CAROL, BOT));
        assertThat(office.approve(request, CAROL)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(office.approve(request, DAVE)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.APPROVED);
    }

    @Test
    void norWhoWroteItByGitUnderWhateverNameNorWhoCouldHave() throws Exception {
        office.people = new People(List.of(known("bob", BOB), known("dave", DAVE)), People.UNKNOWN.agents());
        Author commits = new Author.Commits("c0ffee", List.of(new Author.Hand("Robert", "bob@example.com")), true);
        long request = held(new Framer(commits, "delete-needs-approval", false));
        assertThat(office.approve(request, BOB).toString()).contains("bob wrote rule delete-needs-approval");
        assertThat(office.approve(request, CAROL).toString())
                .contains("carol may have written rule delete-needs-approval");
        assertThat(Office.state(office.approve(request, DAVE))).isEqualTo(State.APPROVED);
    }

    private static Person known(String name, Identity account) {
        return new Person(
                name, Set.of(new Person.Account(account.issuer(), account.subject())), Set.of(name + "@example.com"));
    }

    @Test
    void norByLooseningThePolicyWhileARequestWaits() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(2, "approvers"));
        office.today = new Today(Optional.empty(), List.of(terms(1, "approvers")));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.PENDING);
        assertThat(Office.state(office.approve(request, CAROL))).isEqualTo(State.APPROVED);
    }

    @Test
    void andAPolicyThatIsStricterByNowCountsAsWell() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        office.today = new Today(Optional.empty(), List.of(staged(Stage.of(1, List.of(Requests.group("security"))))));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.PENDING);
        assertThat(Office.state(office.approve(request, DAVE))).isEqualTo(State.APPROVED);

        long refused = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        office.today = new Today(Optional.of("Nobody deletes any more."), List.of());
        assertThat(office.approve(refused, BOB))
                .isEqualTo(new Voted.NotAllowed(
                        List.of("The policy that is in force by now refuses it: Nobody deletes any more.")));
    }

    private long held(Framer... framers) throws Exception {
        return office.held(DelegationChain.of(ALICE), List.of(), List.of(framers), terms(1, "approvers"));
    }

    private static Framer framer(boolean approved, Identity... who) {
        return new Framer(new Author.Caller(DelegationChain.of(who)), "delete-needs-approval", approved);
    }
}
