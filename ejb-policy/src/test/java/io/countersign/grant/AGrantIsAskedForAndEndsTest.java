package io.countersign.grant;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.BOT;
import static io.countersign.approval.Requests.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Choice;
import io.countersign.approval.Docket;
import io.countersign.approval.Requests;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.Today;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Elevation;
import io.countersign.policy.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
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
class AGrantIsAskedForAndEndsTest {

    private static final Elevation.Grantable GRANTABLE = new Elevation.Grantable(
            Set.of("engineers"),
            List.of(Stage.of(1, List.of(Requests.group("approvers")))),
            Duration.ofHours(2),
            Duration.ofMinutes(30),
            "shop.yaml",
            7);

    private static final Elevation.BreakGlass BREAK_GLASS = new Elevation.BreakGlass(
            Set.of("engineers"),
            List.of(Stage.of(2, List.of(Requests.group("approvers")))),
            Duration.ofMinutes(30),
            Duration.ofMinutes(5),
            "shop.yaml",
            9);

    private final TestStore store = new TestStore();
    private final ExecutorService executor = Executors.newFixedThreadPool(4);
    private TestLedger ledger;
    private GrantBook book;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        book = new GrantBook(ledger.committer(), Clock.systemUTC());
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN, held -> Today.SAME, book);
    }

    @AfterEach
    void close() throws Exception {
        executor.shutdown();
        assertThat(executor.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
        ledger.close();
        store.close();
    }

    @Test
    void itBeginsWithTheApprovalOfOthersAndNotBefore() throws Exception {
        GrantStanding asked = ask();
        assertThat(asked.since()).isEmpty();
        assertThat(vote(ALICE, asked.request(), Choice.APPROVE)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(grant(asked).active(Instant.now())).isFalse();

        vote(BOB, asked.request(), Choice.APPROVE);

        assertThat(grant(asked)).satisfies(begun -> {
            assertThat(begun.active(Instant.now())).isTrue();
            assertThat(begun.active(begun.since().orElseThrow().plus(Duration.ofMinutes(59))))
                    .isTrue();
            assertThat(begun.active(begun.since().orElseThrow().plus(Duration.ofHours(1))))
                    .isFalse();
        });
        assertThat(types())
                .containsExactly(
                        "grant-asked", "request-opened", "vote-refused", "vote", "request-approved", "grant-begun");
    }

    @Test
    void aRejectionEndsItBeforeItBegins() throws Exception {
        GrantStanding asked = ask();
        vote(BOB, asked.request(), Choice.REJECT);
        assertThat(grant(asked).ended()).isPresent();
        assertThat(grant(asked).why()).contains("its request was rejected");
        assertThat(types()).endsWith("vote", "request-rejected", "grant-ended");
    }

    @Test
    void whoAskedCanGiveItUp() throws Exception {
        GrantStanding asked = ask();
        docket.giveUp(asked.request(), DelegationChain.of(ALICE)).get();
        assertThat(grant(asked).ended()).isPresent();
        assertThat(state(asked)).isEqualTo(State.WITHDRAWN);
    }

    @Test
    void itEndsOnce() throws Exception {
        GrantStanding asked = ask();
        vote(BOB, asked.request(), Choice.APPROVE);
        assertThat(book.end(asked.id(), "its time is over").get()).isPresent();
        assertThat(book.end(asked.id(), "again").get()).isEmpty();
        assertThat(types()).containsOnlyOnce("grant-ended");
    }

    @Test
    void howeverLongTheNamesAreOfWhoEndsIt() throws Exception {
        GrantStanding taken = breakGlass();
        assertThat(book.end(taken.id(), "x".repeat(2_100)).get()).isPresent();
        assertThat(grant(taken).why()).contains("x".repeat(2_000));
    }

    @Test
    void brokenGlassIsUsedAtOnceAndItsReviewStaysOpenUntilTwoOthersHaveLooked() throws Exception {
        GrantStanding taken = breakGlass();
        assertThat(taken.active(Instant.now())).isTrue();
        book.end(taken.id(), "its time is over").get();

        assertThat(vote(ALICE, taken.request(), Choice.APPROVE)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(docket.giveUp(taken.request(), DelegationChain.of(ALICE)).get())
                .isInstanceOf(Voted.NotAllowed.class);
        vote(BOB, taken.request(), Choice.APPROVE);
        assertThat(vote(BOB, taken.request(), Choice.APPROVE)).isInstanceOf(Voted.NotAllowed.class);
        assertThat(state(taken)).isEqualTo(State.PENDING);
        vote(CAROL, taken.request(), Choice.APPROVE);
        assertThat(state(taken)).isEqualTo(State.APPROVED);
        assertThat(types()).startsWith("break-glass", "request-opened", "grant-ended");
    }

    @Test
    void oneWhoFindsItNotInOrderDoesNotCloseTheReviewAlone() throws Exception {
        GrantStanding taken = breakGlass();
        vote(BOB, taken.request(), Choice.REJECT);
        assertThat(state(taken)).isEqualTo(State.PENDING);
        vote(CAROL, taken.request(), Choice.APPROVE);
        assertThat(state(taken)).isEqualTo(State.REJECTED);
    }

    @Test
    void ofApprovalRejectionWithdrawalAndExpiryTogetherOneWinsAndTheGrantIsAsItSays() throws Exception {
        int begun = 0;
        for (int run = 0; run < 1_000; run++) {
            GrantStanding asked = ask();
            List<Supplier<CompletableFuture<?>>> rivals = new ArrayList<>(List.of(
                    () -> docket.vote(asked.request(), DelegationChain.of(BOB), Choice.APPROVE, ""),
                    () -> docket.vote(asked.request(), DelegationChain.of(CAROL), Choice.REJECT, "no"),
                    () -> docket.giveUp(asked.request(), DelegationChain.of(ALICE)),
                    () -> docket.lapse(asked.request())));
            Collections.rotate(rivals, run);
            List<CompletableFuture<?>> ends = new CopyOnWriteArrayList<>();
            CompletableFuture.allOf(rivals.stream()
                            .map(rival -> CompletableFuture.runAsync(() -> ends.add(rival.get()), executor))
                            .toArray(CompletableFuture[]::new))
                    .get();
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).get();
            GrantStanding now = grant(asked);
            assertThat(now.active(Instant.now())).isEqualTo(state(asked) == State.APPROVED);
            assertThat(now.since().isPresent()).isNotEqualTo(now.ended().isPresent());
            begun += now.since().isPresent() ? 1 : 0;
            book.end(asked.id(), "enough").get();
        }
        assertThat(begun).isBetween(1, 999);
        assertThat(types()).filteredOn("grant-begun"::equals).hasSize(begun);
        assertThat(types()).filteredOn("grant-ended"::equals).hasSize(1_000);
    }

    @Test
    void onlyItsHolderUsesItAndOnlyThere() throws Exception {
        GrantStanding taken = breakGlass();
        InUse inUse = new InUse();
        inUse.are(List.of(taken));
        Instant now = Instant.now();
        assertThat(inUse.duties(session(DelegationChain.of(ALICE), "shop"), now))
                .containsExactly("mend");
        assertThat(inUse.duties(session(DelegationChain.of(ALICE), "bank"), now))
                .isEmpty();
        assertThat(inUse.duties(session(DelegationChain.of(BOB), "shop"), now)).isEmpty();
        assertThat(inUse.duties(session(DelegationChain.of(ALICE, BOT), "shop"), now))
                .isEmpty();
        assertThat(inUse.duties(
                        session(DelegationChain.of(ALICE), "shop"),
                        taken.until().orElseThrow()))
                .isEmpty();
    }

    @Test
    void brokenGlassIsNotUsedInASessionThatATicketOpened() throws Exception {
        GrantStanding taken = breakGlass();
        Session byTicket = session(DelegationChain.of(ALICE), "shop");
        InUse inUse = new InUse(byTicket.id()::equals);
        inUse.are(List.of(taken));
        assertThat(inUse.duties(byTicket, Instant.now())).isEmpty();
        assertThat(inUse.duties(session(DelegationChain.of(ALICE), "shop"), Instant.now()))
                .containsExactly("mend");
    }

    @Test
    void theSessionsThatHaveUsedItAreStrandedByItsEndAndNoOthers() throws Exception {
        GrantStanding taken = breakGlass();
        InUse inUse = new InUse();
        inUse.are(List.of(taken));
        Instant now = Instant.now();
        Session user = session(DelegationChain.of(ALICE), "shop");
        Session other = session(DelegationChain.of(ALICE), "shop");
        assertThat(inUse.use(user, Set.of("mend", "support"), now)).containsExactly(taken);
        assertThat(inUse.use(other, Set.of("support"), now)).isEmpty();

        assertThat(inUse.stranded(now)).isEmpty();
        assertThat(inUse.stranded(taken.until().orElseThrow())).singleElement().satisfies(stranded -> {
            assertThat(stranded.grant()).isEqualTo(taken);
            assertThat(stranded.sessions()).containsExactly(user);
        });
        assertThat(inUse.stranded(taken.until().orElseThrow())).isEmpty();
    }

    @Test
    void soAreThoseThatUseItWhileItIsEnded() throws Exception {
        GrantStanding taken = breakGlass();
        InUse inUse = new InUse();
        inUse.are(List.of(taken));
        Session late = session(DelegationChain.of(ALICE), "shop");
        inUse.use(late, Set.of("mend"), Instant.now());
        inUse.are(List.of());
        assertThat(inUse.stranded(Instant.now()))
                .singleElement()
                .satisfies(stranded -> assertThat(stranded.sessions()).containsExactly(late));
    }

    private GrantStanding ask() throws Exception {
        Wanted wanted = wanted(Duration.ofHours(1));
        return book.ask(wanted, wanted.toGrant(GRANTABLE, "revision-1", List.of(), List.of()))
                .get();
    }

    private GrantStanding breakGlass() throws Exception {
        Wanted wanted = wanted(Duration.ofMinutes(30));
        return book.breakGlass(wanted, wanted.toReview(BREAK_GLASS, "revision-1", List.of(), List.of()))
                .get();
    }

    private static Wanted wanted(Duration duration) {
        return new Wanted(
                DelegationChain.of(ALICE), "postgres", "shop", "mend", "orders are stuck", duration, Optional.empty());
    }

    private Voted vote(Identity who, long request, Choice choice) throws Exception {
        return docket.vote(request, DelegationChain.of(who), choice, "seen").get();
    }

    private GrantStanding grant(GrantStanding asked) {
        return store.transaction(em -> em.find(DutyGrant.class, asked.id()).standing());
    }

    private State state(GrantStanding asked) {
        return store.<Standing>transaction(
                        em -> em.find(ApprovalRequest.class, asked.request()).standing())
                .state();
    }

    private static Session session(DelegationChain who, String target) {
        return new Session(
                new SessionId(UUID.randomUUID()), who, "postgres", target, "127.0.0.1:5", Instant.EPOCH, Instant.MAX);
    }

    private List<String> types() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
