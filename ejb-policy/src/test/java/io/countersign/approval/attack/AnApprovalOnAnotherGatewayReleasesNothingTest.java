package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Choice;
import io.countersign.approval.Docket;
import io.countersign.approval.Held;
import io.countersign.approval.HeldCommand;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: a second gateway takes the store over while a command waits in the first, and votes go to either. */
@Timeout(60)
class AnApprovalOnAnotherGatewayReleasesNothingTest {

    private final TestStore store = new TestStore();
    private final Queue<Verdict> told = new ConcurrentLinkedQueue<>();
    private TestLedger first;
    private TestLedger second;
    private HeldCommand held;
    private Docket elsewhere;
    private long request;

    @BeforeEach
    void aCommandWaitsAndTheStoreIsTakenOver() throws Exception {
        first = new TestLedger(store);
        Command command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        held = new HeldCommand(
                docket(first),
                (session, number, digest, verdict) -> told.add(verdict),
                Runnable::run,
                command.session().id(),
                Held.of(command, hold(terms(1, "approvers")), List.of()),
                command.digest(),
                List.of());
        request = held.open(Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}), id -> {})
                .get()
                .id();
        held.announced();
        second = new TestLedger(store);
        elsewhere = docket(second);
    }

    @AfterEach
    void stop() throws Exception {
        second.close();
        first.close();
        store.close();
    }

    private static Docket docket(TestLedger ledger) {
        return new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN);
    }

    @Test
    void whereTheFirstOneIsAskedItCanRecordNothingMoreAndSoReleasesNothing() {
        assertThat(held.vote(DelegationChain.of(BOB), Choice.APPROVE, "quick"))
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingRootCause()
                .withMessageContaining("another gateway has taken over this store");
        assertThat(told).isEmpty();
        assertThat(state()).isEqualTo(State.PENDING);
    }

    @Test
    void whereTheSecondOneIsAskedNobodyLetsGoOfTheCommandThatTheFirstHolds() throws Exception {
        Voted voted = elsewhere
                .vote(request, DelegationChain.of(BOB), Choice.APPROVE, "from here")
                .get();
        assertThat(Office.state(voted)).isEqualTo(State.APPROVED);
        assertThat(held.vote(DelegationChain.of(CAROL), Choice.APPROVE, "and from there"))
                .failsWithin(Duration.ofSeconds(10));
        assertThat(told).isEmpty();
    }

    @Test
    void norAfterTheSecondOneHasAbandonedWhatTheFirstLeft() throws Exception {
        elsewhere
                .end(request, State.ABANDONED, "the gateway that held it stopped")
                .get();
        assertThat(Office.state(elsewhere
                        .vote(request, DelegationChain.of(BOB), Choice.APPROVE, "late")
                        .get()))
                .isEqualTo(State.ABANDONED);
        assertThat(told).isEmpty();
    }

    private State state() {
        return store.transaction(em -> em.find(ApprovalRequest.class, request).state());
    }
}
