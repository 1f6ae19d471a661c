package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.comingAgain;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.inTransaction;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Decision.Terms;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AWaitingCommandKeepsItsTransactionOpenOnlySoLongTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Terms TWO_MINUTES = inTransaction(terms(1, "approvers"), Duration.ofMinutes(2));
    private static final Terms COMING_AGAIN = comingAgain(TWO_MINUTES, Duration.ofMinutes(10));

    private final TestStore store = new TestStore();
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final CompletableFuture<Verdict> told = new CompletableFuture<>();
    private TestLedger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
    }

    @AfterEach
    void close() throws Exception {
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    @Test
    void andNoShorterWhereItKeepsNoneOpen() throws Exception {
        assertThat(asked(NOON, plain(), TWO_MINUTES).standing)
                .satisfies(standing -> assertThat(standing.until()).isEqualTo(NOON.plus(Duration.ofMinutes(15))))
                .satisfies(standing -> assertThat(standing.endsTransaction()).isFalse());
    }

    @Test
    void andTheShortestBoundOfSeveralRulesCounts() throws Exception {
        Terms one = inTransaction(terms(1, "approvers"), Duration.ofMinutes(1));
        assertThat(asked(NOON, inTransaction(plain()), TWO_MINUTES, terms(1, "approvers"), one)
                        .standing
                        .until())
                .isEqualTo(NOON.plus(Duration.ofMinutes(1)));
    }

    @Test
    void thenItExpiresAndTheConnectorIsToldToRollBack() throws Exception {
        Asked asked = asked(NOON, inTransaction(plain()), TWO_MINUTES);
        assertThat(asked.standing.until()).isEqualTo(NOON.plus(Duration.ofMinutes(2)));
        assertThat(asked.held.end(State.EXPIRED, "").get())
                .hasValueSatisfying(standing -> assertThat(standing.state()).isEqualTo(State.EXPIRED));
        assertThat(told.get(5, TimeUnit.SECONDS)).isInstanceOfSatisfying(Verdict.Refuse.class, refuse -> {
            assertThat(refuse.cause()).isEqualTo(Verdict.Cause.TRANSACTION_EXPIRED);
            assertThat(refuse.reason()).contains("it waited for the 120 s that a command may keep a transaction open");
        });
        assertThat(entries().getLast())
                .contains("\"type\":\"request-expired\"", "120 s that it may keep a transaction open");
    }

    @Test
    void aVoteThatComesLaterIsTooLate() throws Exception {
        Asked asked = asked(NOON, inTransaction(plain()), TWO_MINUTES);
        Voted late = docketAt(NOON.plus(Duration.ofMinutes(3)))
                .vote(asked.standing.id(), DelegationChain.of(BOB), Choice.APPROVE, "")
                .get();
        assertThat(late).isInstanceOf(Voted.Closed.class);
        assertThat(entries())
                .anyMatch(entry -> entry.contains("request-expired") && entry.contains("which is rolled back"));
    }

    @Test
    void onceItsClientHasGoneNoTransactionIsOpenAnyMore() throws Exception {
        Asked asked = asked(NOON, inTransaction(plain()), COMING_AGAIN);
        assertThat(asked.held.end(State.ABANDONED, "its session ended").get()).hasValueSatisfying(left -> {
            assertThat(left.state()).isEqualTo(State.PENDING);
            assertThat(left.until()).isEqualTo(NOON.plus(Duration.ofMinutes(15)));
        });

        Asked again = asked(NOON.plus(Duration.ofMinutes(5)), inTransaction(plain()), COMING_AGAIN);
        assertThat(again.standing.id()).isEqualTo(asked.standing.id());
        assertThat(again.standing.until()).isEqualTo(NOON.plus(Duration.ofMinutes(7)));
        assertThat(again.standing.endsTransaction()).isTrue();
    }

    private static Command plain() {
        return command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
    }

    private Asked asked(Instant now, Command command, Terms... terms) throws Exception {
        HeldCommand held = new HeldCommand(
                docketAt(now),
                (session, number, digest, verdict) -> told.complete(verdict),
                executor,
                command.session().id(),
                Held.of(command, hold(terms), List.of()),
                command.digest(),
                List.of());
        Standing standing = held.open(Entry.of("command", now, command.session().id(), json -> {}), id -> {})
                .get();
        held.announced();
        return new Asked(held, standing);
    }

    private Docket docketAt(Instant now) {
        return new Docket(ledger.committer(), Clock.fixed(now, ZoneOffset.UTC), () -> People.UNKNOWN);
    }

    private List<String> entries() {
        return store.transaction(em -> Blocks.from(em, 0, 1_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    private record Asked(HeldCommand held, Standing standing) {}
}
