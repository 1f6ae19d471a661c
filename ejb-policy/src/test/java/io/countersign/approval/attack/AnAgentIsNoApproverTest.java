package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Account;
import io.countersign.approval.Held;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: an agent, or an automation key in an approver group, approves. */
@Timeout(60)
class AnAgentIsNoApproverTest {

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private static final Identity KEY = person("automation-key", "approvers");

    private long request() throws Exception {
        return office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
    }

    @Test
    void asItself() throws Exception {
        assertThat(office.approve(request(), BOT)).isInstanceOf(Voted.NotAllowed.class);
    }

    @Test
    void onBehalfOfAnApprover() throws Exception {
        assertThat(office.approve(request(), BOB, BOT)).isInstanceOf(Voted.NotAllowed.class);
    }

    @Test
    void underAnAccountThatLooksLikeAPerson() throws Exception {
        long request = request();
        office.people = Office.agent("automation-key");
        assertThat(office.approve(request, KEY))
                .isInstanceOfSatisfying(
                        Voted.NotAllowed.class,
                        not -> assertThat(not.reasons())
                                .containsExactly("Agents never countersign, and automation-key is one."));
        assertThat(office.record()).endsWith("vote-refused");
    }

    @Test
    void byItsOwnerHoweverThePolicyChangesMeanwhile() throws Exception {
        long owned = office.held(
                DelegationChain.of(ALICE, BOT),
                List.of(new Held.Owner(Account.of(BOB), "deploy-bot")),
                terms(1, "approvers"));
        // The owner is struck from the policy while the request waits: it was asked when they were.
        office.people = Office.agent("bot");
        assertThat(office.approve(owned, BOB)).isInstanceOf(Voted.NotAllowed.class);
        long later = office.held(DelegationChain.of(ALICE, BOT), List.of(), terms(1, "approvers"));
        office.people = Office.agent("bot", "carol");
        assertThat(office.approve(later, CAROL)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(Office.state(office.approve(later, BOB))).isEqualTo(State.APPROVED);
    }
}
