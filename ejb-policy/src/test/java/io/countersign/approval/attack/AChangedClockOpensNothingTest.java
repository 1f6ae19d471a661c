package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.approval.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: the clock is set back, or forward, around an approval. */
@Timeout(60)
class AChangedClockOpensNothingTest {

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
    void setBackAfterTheRequestExpired() throws Exception {
        long request = office.held(DelegationChain.of(ALICE), List.of(), terms(1, "approvers"));
        office.now = office.now.plus(Duration.ofMinutes(20));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.EXPIRED);
        office.now = office.now.minus(Duration.ofMinutes(19));
        assertThat(Office.state(office.approve(request, BOB))).isEqualTo(State.EXPIRED);
        assertThat(office.record()).doesNotContain("release", "vote");
    }
}
