package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Obligation;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Decision;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AHeldCommandEndsOnceTest {

    private final TestStore store = new TestStore();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private TestLedger ledger;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN);
    }

    @AfterEach
    void close() throws Exception {
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    @Test
    void oneApprovalReleasesTheVeryCommandWithItsObligations() throws Exception {
        Connector connector = new Connector();
        Waiting waiting = waiting(connector, Requests.terms(1, "approvers"));

        Voted voted =
                waiting.held.vote(DelegationChain.of(BOB), Choice.APPROVE, "go").get();

        assertThat(voted)
                .isInstanceOfSatisfying(
                        Voted.Counted.class,
                        counted -> assertThat(counted.after().state()).isEqualTo(State.APPROVED));
        Letter letter = connector.next();
        assertThat(letter.digest).isEqualTo(waiting.command.digest());
        assertThat(letter.verdict).isEqualTo(new Verdict.Permit(List.of(new Obligation.LimitRows(5))));
        assertThat(types()).containsExactly("command", "request-held", "vote", "release");
    }

    @Test
    void theReleaseIsOnDiskBeforeTheConnectorHearsOfIt() throws Exception {
        CompletableFuture<List<String>> onDisk = new CompletableFuture<>();
        Waiting waiting =
                waiting((session, number, digest, verdict) -> onDisk.complete(types()), Requests.terms(1, "approvers"));
        waiting.held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get();
        assertThat(onDisk.get()).contains("release");
    }

    @Test
    void theRequesterIsRefusedByTheDecisionAndTheAttemptIsOnTheLedger() throws Exception {
        Connector connector = new Connector();
        Waiting waiting = waiting(connector, Requests.terms(1, "approvers", "engineers"));
        Voted voted = waiting.held
                .vote(DelegationChain.of(ALICE), Choice.APPROVE, "mine")
                .get();
        assertThat(voted)
                .isInstanceOfSatisfying(
                        Voted.NotAllowed.class,
                        not -> assertThat(not.reasons())
                                .singleElement()
                                .asString()
                                .contains("alice asked for this"));
        assertThat(types()).containsExactly("command", "request-held", "vote-refused");
        assertThat(connector.letters).isEmpty();
    }

    @Test
    void oneRejectionEndsItWithTheApproversReason() throws Exception {
        Connector connector = new Connector();
        Waiting waiting = waiting(connector, Requests.terms(2, "approvers"));
        waiting.held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get();
        waiting.held
                .vote(DelegationChain.of(CAROL), Choice.REJECT, "not on a Friday")
                .get();
        assertThat(connector.next().verdict).isInstanceOfSatisfying(Verdict.Refuse.class, refuse -> {
            assertThat(refuse.cause()).isEqualTo(Verdict.Cause.REJECTED);
            assertThat(refuse.reason()).contains("carol", "not on a Friday");
            assertThat(refuse.rule()).isEqualTo("delete-needs-approval (support.yaml:12)");
        });
        assertThat(types()).containsExactly("command", "request-held", "vote", "vote", "request-rejected");
    }

    @Test
    void aVoteAfterTheTimeIsOverExpiresItInstead() throws Exception {
        Connector connector = new Connector();
        Waiting waiting = waiting(connector, Requests.terms(1, "approvers"));
        Docket later = new Docket(
                ledger.committer(),
                Clock.fixed(Instant.now().plus(Duration.ofHours(1)), ZoneOffset.UTC),
                () -> People.UNKNOWN);
        Voted voted = later.vote(waiting.request, DelegationChain.of(BOB), Choice.APPROVE, "")
                .get();
        assertThat(voted)
                .isInstanceOfSatisfying(
                        Voted.Closed.class,
                        closed -> assertThat(closed.standing().state()).isEqualTo(State.EXPIRED));
        assertThat(types()).containsExactly("command", "request-held", "request-expired", "vote-refused");
    }

    @Test
    void aVoteOnNothingIsOnTheLedgerToo() throws Exception {
        assertThat(docket.vote(4711, DelegationChain.of(BOB), Choice.APPROVE, "")
                        .get())
                .isEqualTo(new Voted.NotFound());
        assertThat(types()).containsExactly("vote-refused");
    }

    @Test
    void anApprovedCommandThatIsGoneIsRecordedAsNotRun() throws Exception {
        Waiting waiting = waiting((session, number, digest, verdict) -> false, Requests.terms(1, "approvers"));
        waiting.held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get();
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.committer()
                .submit(em -> io.countersign.ledger.Work.Written.of(true))
                .get();
        assertThat(types()).endsWith("release", "release-failed");
    }

    @Test
    void whoeverEndsItNextTellsItWhatWasDecidedWhereTheAnswerWasLost() throws Exception {
        Connector connector = new Connector();
        Waiting waiting = waiting(connector, Requests.terms(1, "approvers"));
        docket.vote(waiting.request, DelegationChain.of(BOB), Choice.APPROVE, "nobody hears that this was stored")
                .get();

        waiting.held.end(State.EXPIRED, "nobody decided in time").get();

        assertThat(connector.next().verdict).isInstanceOf(Verdict.Permit.class);
        assertThat(types()).containsExactly("command", "request-held", "vote", "release");
    }

    @Test
    void whenTheHoldCannotBeRecordedNobodyIsToldAnything() throws Exception {
        Connector connector = new Connector();
        store.pullThePlug();
        Command command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        HeldCommand held = held(connector, command, hold(terms(1, "approvers")));
        assertThat(held.open(entry(command), id -> {})).failsWithin(Duration.ofSeconds(5));
        assertThat(held.vote(DelegationChain.of(BOB), Choice.APPROVE, "")).failsWithin(Duration.ofSeconds(5));
        assertThat(connector.letters).isEmpty();
    }

    @Test
    void ofApproveRejectExpireWithdrawAndDisconnectTogetherOneWinsAndAtMostOneReleaseHappens() throws Exception {
        Map<State, Integer> winners = new EnumMap<>(State.class);
        for (int run = 0; run < 1_000; run++) {
            Connector connector = new Connector();
            Waiting waiting = waiting(connector, Requests.terms(1, "approvers"));
            HeldCommand held = waiting.held;
            List<Supplier<CompletableFuture<?>>> rivals = new ArrayList<>(List.of(
                    () -> held.vote(DelegationChain.of(BOB), Choice.APPROVE, ""),
                    () -> held.vote(DelegationChain.of(CAROL), Choice.REJECT, "no"),
                    () -> held.end(State.EXPIRED, "late"),
                    () -> held.end(State.WITHDRAWN, "cancelled"),
                    () -> held.end(State.ABANDONED, "disconnected")));
            Collections.rotate(rivals, run);
            List<CompletableFuture<?>> ends = new CopyOnWriteArrayList<>();
            CompletableFuture.allOf(rivals.stream()
                            .map(rival -> CompletableFuture.runAsync(() -> ends.add(rival.get()), executor))
                            .toArray(CompletableFuture[]::new))
                    .get();
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get();

            State state = store.transaction(
                    em -> em.find(ApprovalRequest.class, waiting.request).state());
            Letter letter = connector.next();
            winners.merge(state, 1, Integer::sum);
            assertThat(state).isNotEqualTo(State.PENDING);
            assertThat(letter.verdict instanceof Verdict.Permit).isEqualTo(state == State.APPROVED);
            assertThat(connector.letters).hasSize(1);
        }
        assertThat(winners).hasSizeGreaterThan(1);
        assertThat(types().stream()
                        .filter(type ->
                                type.equals("release") || type.startsWith("request-") && !type.endsWith("held")))
                .hasSize(1_000);
    }

    private Waiting waiting(HeldCommand.Release connector, Decision.Terms terms) throws Exception {
        Command command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        HeldCommand held = held(connector, command, hold(terms));
        Standing standing = held.open(entry(command), id -> {}).get();
        held.announced();
        return new Waiting(held, command, standing.id());
    }

    private HeldCommand held(HeldCommand.Release connector, Command command, Decision decision) {
        return new HeldCommand(
                docket,
                connector,
                executor,
                command.session().id(),
                Held.of(command, decision, List.of()),
                command.digest(),
                List.of(new Obligation.LimitRows(5)));
    }

    private static Entry entry(Command command) {
        return Entry.of("command", Instant.EPOCH, command.session().id(), json -> {});
    }

    private List<String> types() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }

    private record Waiting(HeldCommand held, Command command, long request) {}

    private record Letter(SessionId session, long command, Digest digest, Verdict verdict) {}

    /** Takes every verdict and keeps it. */
    private static final class Connector implements HeldCommand.Release {

        final ConcurrentLinkedQueue<Letter> letters = new ConcurrentLinkedQueue<>();
        private final CompletableFuture<Letter> first = new CompletableFuture<>();

        @Override
        public boolean release(SessionId session, long command, Digest digest, Verdict verdict) {
            Letter letter = new Letter(session, command, digest, verdict);
            letters.add(letter);
            first.complete(letter);
            return true;
        }

        Letter next() throws Exception {
            return first.get(5, TimeUnit.SECONDS);
        }
    }
}
