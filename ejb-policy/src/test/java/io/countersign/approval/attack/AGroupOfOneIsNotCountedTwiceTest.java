package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.person;
import static io.countersign.approval.Requests.staged;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.policy.Stage;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: one person with several accounts makes up a quorum. */
@Timeout(60)
class AGroupOfOneIsNotCountedTwiceTest {

    private Office office;

    @BeforeEach
    void open() throws Exception {
        office = new Office();
    }

    @AfterEach
    void close() throws Exception {
        office.close();
    }

    private static final Identity ROB = person("rob", "approvers", "security");

    @BeforeEach
    void bobIsRob() {
        office.people = Office.onePerson("bob", BOB, ROB);
    }

    @Test
    void oneAfterTheOther() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(2, "approvers"));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.PENDING);
        assertThat(office.approve(request, ROB)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(Office.state(office.approve(request, CAROL))).isEqualTo(State.APPROVED);
    }

    @Test
    void inDifferentStages() throws Exception {
        long request = office.held(
                DelegationChain.of(ALICE),
                List.of(),
                staged(Stage.of(1, List.of(group("approvers"))), Stage.of(1, List.of(group("security")))));
        office.approve(request, BOB);
        assertThat(office.approve(request, ROB)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(office.record()).doesNotContain("release");
    }

    @Test
    void whereThePolicyLearnsOfItAfterBothHaveVoted() throws Exception {
        office.people = People.UNKNOWN;
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(3, "approvers"));
        office.approve(request, BOB);
        office.approve(request, ROB);
        bobIsRob();
        assertThat(Office.state(office.approve(request, CAROL))).isEqualTo(State.PENDING);
    }

    @Test
    void bothAtOnce() throws Exception {
        for (int run = 0; run < 100; run++) {
            long request = office.held(DelegationChain.of(ALICE), List.of(), terms(2, "approvers"));
            CompletableFuture<Voted> one = office.approving(request, run % 2 == 0 ? BOB : ROB);
            CompletableFuture<Voted> other = office.approving(request, run % 2 == 0 ? ROB : BOB);
            assertThat(List.of(one.get(), other.get())).hasAtLeastOneElementOfType(Voted.NotAllowed.class);
        }
        assertThat(office.record()).doesNotContain("release");
    }
}
