package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: the same vote again, by a double click or by a copy of the request that cast it. */
@Timeout(60)
class AReplayedVoteCountsOnceTest {

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
    void howeverOftenAndFastItComes() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(2, "approvers"));
        List<CompletableFuture<Voted>> clicks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clicks.add(office.approving(request, BOB));
        }
        int counted = 0;
        for (CompletableFuture<Voted> click : clicks) {
            counted += click.get() instanceof Voted.Counted ? 1 : 0;
        }
        assertThat(counted).isEqualTo(1);
        assertThat(office.record()).doesNotContain("release");
    }

    @Test
    void andReleasesNothingASecondTime() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.APPROVED);
        assertThat(office.approve(request, BOB)).isInstanceOf(Voted.Closed.class);
        assertThat(office.approve(request, CAROL)).isInstanceOf(Voted.Closed.class);
        assertThat(office.record().stream().filter("release"::equals)).hasSize(1);
    }

    @Test
    void castTakenBackAndCastAgainItIsStillOne() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(2, "approvers"));
        for (int i = 0; i < 3; i++) {
            office.approve(request, BOB);
            office.withdraw(request, BOB);
        }
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.PENDING);
        assertThat(office.record()).doesNotContain("release");
    }
}
