package io.countersign.approval.attack;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.approval.Choice;
import io.countersign.approval.Docket;
import io.countersign.approval.Held;
import io.countersign.approval.HeldCommand;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The attack: an approval at the very moment at which the request expires, a thousand times. */
@Timeout(120)
class ExpiryAndApprovalTogetherEndItOnceTest {

    private static final int RUNS = 1_000;

    private final TestStore store = new TestStore();
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final CyclicBarrier together = new CyclicBarrier(2);
    private TestLedger ledger;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN);
    }

    @AfterEach
    void close() throws Exception {
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    @Test
    void whicheverCameFirst() throws Exception {
        int approved = 0;
        for (int run = 0; run < RUNS; run++) {
            Queue<Verdict> told = new ConcurrentLinkedQueue<>();
            HeldCommand held = waiting(told);
            CompletableFuture<CompletableFuture<Voted>> vote =
                    racing(() -> held.vote(DelegationChain.of(BOB), Choice.APPROVE, "just in time"));
            CompletableFuture<CompletableFuture<?>> expiry = racing(() -> held.end(State.EXPIRED, "nobody decided"));
            State state = Office.state(vote.get().get());
            expiry.get().get();
            assertThat(state).isIn(State.APPROVED, State.EXPIRED);
            assertThat(told)
                    .singleElement()
                    .satisfies(verdict ->
                            assertThat(verdict instanceof Verdict.Permit).isEqualTo(state == State.APPROVED));
            approved += state == State.APPROVED ? 1 : 0;
        }
        List<String> record = record();
        assertThat(record.stream().filter("release"::equals)).hasSize(approved);
        assertThat(record.stream().filter("request-expired"::equals)).hasSize(RUNS - approved);
    }

    @Test
    void anApprovalAfterItIsTold() throws Exception {
        Queue<Verdict> told = new ConcurrentLinkedQueue<>();
        HeldCommand late = waiting(told);
        late.end(State.EXPIRED, "nobody decided").get();
        assertThat(Office.state(late.vote(DelegationChain.of(BOB), Choice.APPROVE, "late")
                        .get()))
                .isEqualTo(State.EXPIRED);
        assertThat(told).singleElement().isInstanceOf(Verdict.Refuse.class);
    }

    private <T> CompletableFuture<T> racing(Supplier<T> step) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        together.await(10, TimeUnit.SECONDS);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    return step.get();
                },
                threads);
    }

    private HeldCommand waiting(Queue<Verdict> told) throws Exception {
        Command command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        HeldCommand held = new HeldCommand(
                docket,
                (session, number, digest, verdict) -> told.add(verdict),
                Runnable::run,
                command.session().id(),
                Held.of(command, hold(terms(1, "approvers")), List.of()),
                command.digest(),
                List.of());
        held.open(Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}), id -> {})
                .get();
        held.announced();
        return held;
    }

    private List<String> record() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
