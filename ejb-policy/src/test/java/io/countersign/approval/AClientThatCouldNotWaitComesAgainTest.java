package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.comingAgain;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AClientThatCouldNotWaitComesAgainTest {

    private static final Terms TEN_MINUTES = comingAgain(terms(1, "approvers"), Duration.ofMinutes(10));

    private final TestStore store = new TestStore();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private TestLedger ledger;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        docket = docketAt(Clock.systemUTC());
    }

    @AfterEach
    void close() throws Exception {
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    @Test
    void andTheSameCommandRunsOnceWithoutASecondVote() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        assertThat(approve(BOB, request)).isEqualTo(State.READY);

        Asked again = asked(ALICE, TEN_MINUTES);
        assertThat(again.standing.id()).isEqualTo(request);
        assertThat(again.standing.state()).isEqualTo(State.APPROVED);
        assertThat(again.letters).isEmpty();

        Asked third = asked(ALICE, TEN_MINUTES);
        assertThat(third.standing.id()).isNotEqualTo(request);
        assertThat(third.standing.state()).isEqualTo(State.PENDING);
        assertThat(types())
                .containsExactly(
                        "command",
                        "request-held",
                        "request-left",
                        "vote",
                        "request-ready",
                        "command",
                        "request-rejoined",
                        "release",
                        "command",
                        "request-held");
    }

    @Test
    void andWaitsOnWhereNobodyHasDecidedYetWithTheVotesThatThereAre() throws Exception {
        Terms two = comingAgain(terms(2, "approvers"), Duration.ofMinutes(10));
        long request = left(asked(ALICE, two));
        assertThat(approve(BOB, request)).isEqualTo(State.PENDING);

        Asked again = asked(ALICE, two);
        assertThat(again.standing.id()).isEqualTo(request);
        assertThat(again.standing.state()).isEqualTo(State.PENDING);
        assertThat(again.standing.votes()).hasSize(1);

        again.held.vote(DelegationChain.of(CAROL), Choice.APPROVE, "").get();
        assertThat(again.first.get(5, TimeUnit.SECONDS)).isInstanceOf(Verdict.Permit.class);
    }

    @Test
    void butNotWhereTheRuleDoesNotSaySo() throws Exception {
        Asked asked = asked(ALICE, terms(1, "approvers"));
        assertThat(asked.held.end(State.ABANDONED, "gone").get())
                .hasValueSatisfying(standing -> assertThat(standing.state()).isEqualTo(State.ABANDONED));
    }

    @Test
    void norWhereItsClientGaveItUp() throws Exception {
        Asked asked = asked(ALICE, TEN_MINUTES);
        assertThat(asked.held.end(State.WITHDRAWN, "cancelled").get())
                .hasValueSatisfying(standing -> assertThat(standing.state()).isEqualTo(State.WITHDRAWN));
    }

    @Test
    void noOtherChainCanUseIt() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        approve(BOB, request);
        assertThat(asked(CAROL, TEN_MINUTES).standing.id()).isNotEqualTo(request);
        assertThat(asked(new DelegationChain(List.of(ALICE, BOT)), TEN_MINUTES)
                        .standing
                        .id())
                .isNotEqualTo(request);
    }

    @Test
    void norTheSamePeopleUnderOtherTerms() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        approve(BOB, request);
        Terms stricter = comingAgain(terms(2, "approvers"), Duration.ofMinutes(10));
        assertThat(asked(ALICE, stricter).standing.id()).isNotEqualTo(request);
    }

    @Test
    void norAnybodyAfterTheWindow() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        approve(BOB, request);
        Docket later = docketAt(Clock.fixed(Instant.now().plus(Duration.ofMinutes(11)), ZoneOffset.UTC));
        assertThat(asked(later, ALICE, TEN_MINUTES).standing.id()).isNotEqualTo(request);

        assertThat(store.<List<Long>>transaction(em -> Unattended.overdue(em, Instant.now())))
                .isEmpty();
        assertThat(store.<List<Long>>transaction(
                        em -> Unattended.overdue(em, Instant.now().plus(Duration.ofMinutes(11)))))
                .containsExactly(request);
        assertThat(docket.lapse(request).get()).isEmpty();
        assertThat(later.lapse(request).get())
                .hasValueSatisfying(standing -> assertThat(standing.state()).isEqualTo(State.EXPIRED));
        assertThat(json())
                .anyMatch(entry -> entry.contains("\"reason\":\"it was approved, but the command did not come"));
    }

    @Test
    void anApproverCanTakeTheVoteBackUntilItRuns() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        approve(BOB, request);
        Voted back = docket.withdraw(request, DelegationChain.of(BOB)).get();
        assertThat(back)
                .isInstanceOfSatisfying(
                        Voted.Counted.class,
                        counted -> assertThat(counted.after().state()).isEqualTo(State.PENDING));
        assertThat(asked(ALICE, TEN_MINUTES).standing)
                .satisfies(standing -> assertThat(standing.id()).isEqualTo(request))
                .satisfies(standing -> assertThat(standing.state()).isEqualTo(State.PENDING));
    }

    @Test
    void whoAsksCanGiveItUpAndNobodyElseCan() throws Exception {
        long request = left(asked(ALICE, TEN_MINUTES));
        approve(BOB, request);
        assertThat(docket.giveUp(request, DelegationChain.of(CAROL)).get()).isInstanceOf(Voted.NotAllowed.class);
        assertThat(docket.giveUp(request, DelegationChain.of(ALICE)).get())
                .isInstanceOfSatisfying(
                        Voted.Counted.class,
                        counted -> assertThat(counted.after().state()).isEqualTo(State.WITHDRAWN));
        assertThat(asked(ALICE, TEN_MINUTES).standing.id()).isNotEqualTo(request);
    }

    @Test
    void anApprovalThatFoundTheClientGoneWaitsForItToo() throws Exception {
        CompletableFuture<Void> gone = new CompletableFuture<>();
        Asked asked = asked(docket, DelegationChain.of(ALICE), TEN_MINUTES, (session, number, digest, verdict) -> {
            gone.complete(null);
            return false;
        });
        asked.held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get();
        gone.get(5, TimeUnit.SECONDS);
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();

        assertThat(asked(ALICE, TEN_MINUTES).standing)
                .satisfies(standing -> assertThat(standing.id()).isEqualTo(asked.standing.id()))
                .satisfies(standing -> assertThat(standing.state()).isEqualTo(State.APPROVED));
        assertThat(types()).contains("release-failed", "request-ready");
    }

    @Test
    void aSecondClientWithTheSameCommandKeepsItsOwnRequestAndTheFirstIsNotKept() throws Exception {
        Asked first = asked(ALICE, TEN_MINUTES);
        Asked second = asked(ALICE, TEN_MINUTES);
        assertThat(second.standing.id()).isNotEqualTo(first.standing.id());
        assertThat(first.held.end(State.ABANDONED, "gone").get())
                .hasValueSatisfying(standing -> assertThat(standing.state()).isEqualTo(State.ABANDONED));
    }

    @Test
    void ofManyThatComeAgainTogetherExactlyOneRuns() throws Exception {
        for (int run = 0; run < 1_000; run++) {
            long request = left(asked(ALICE, TEN_MINUTES));
            approve(BOB, request);
            List<CompletableFuture<Asked>> rivals = IntStream.range(0, 4)
                    .mapToObj(rival -> CompletableFuture.supplyAsync(() -> askedNow(ALICE, TEN_MINUTES), executor))
                    .toList();
            List<Asked> asked = rivals.stream().map(CompletableFuture::join).toList();
            assertThat(asked)
                    .filteredOn(one -> one.standing.state() == State.APPROVED)
                    .hasSize(1);
            for (Asked one : asked) {
                one.held.end(State.WITHDRAWN, "enough").get();
            }
        }
        assertThat(types()).filteredOn("release"::equals).hasSize(1_000);
    }

    private State approve(Identity voter, long request) throws Exception {
        Voted voted = docket.vote(request, DelegationChain.of(voter), Choice.APPROVE, "")
                .get();
        assertThat(voted).isInstanceOf(Voted.Counted.class);
        return ((Voted.Counted) voted).after().state();
    }

    /** Its client is gone. */
    private static long left(Asked asked) throws Exception {
        assertThat(asked.held.end(State.ABANDONED, "its session ended").get()).hasValueSatisfying(standing -> {
            assertThat(standing.state()).isEqualTo(State.PENDING);
            assertThat(standing.attended()).isFalse();
        });
        return asked.standing.id();
    }

    private Asked asked(Identity who, Terms terms) throws Exception {
        return asked(docket, who, terms);
    }

    private Asked asked(DelegationChain who, Terms terms) throws Exception {
        return asked(docket, who, terms, null);
    }

    private Asked asked(Docket docket, Identity who, Terms terms) throws Exception {
        return asked(docket, DelegationChain.of(who), terms, null);
    }

    private Asked askedNow(Identity who, Terms terms) {
        try {
            return asked(who, terms);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private Asked asked(Docket docket, DelegationChain who, Terms terms, HeldCommand.@Nullable Release connector)
            throws Exception {
        Command command = command(who, new SessionId(UUID.randomUUID()), 1);
        ConcurrentLinkedQueue<Verdict> letters = new ConcurrentLinkedQueue<>();
        CompletableFuture<Verdict> first = new CompletableFuture<>();
        HeldCommand held = new HeldCommand(
                docket,
                connector != null
                        ? connector
                        : (session, number, digest, verdict) -> {
                            letters.add(verdict);
                            return first.complete(verdict);
                        },
                executor,
                command.session().id(),
                Held.of(command, hold(terms), List.of()),
                command.digest(),
                List.of());
        Standing standing = held.open(
                        Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}), id -> {})
                .get();
        held.announced();
        return new Asked(held, standing, letters, first);
    }

    private Docket docketAt(Clock clock) {
        return new Docket(ledger.committer(), clock, () -> People.UNKNOWN);
    }

    private List<String> types() {
        return json().stream()
                .map(entry -> entry.replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }

    private List<String> json() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }

    private record Asked(
            HeldCommand held,
            Standing standing,
            ConcurrentLinkedQueue<Verdict> letters,
            CompletableFuture<Verdict> first) {}
}
