package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.CAROL;
import static io.countersign.approval.Requests.DAVE;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.group;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.staged;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.SessionId;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Stage;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AVoteCanBeTakenBackTest {

    private final TestStore store = new TestStore();
    private TestLedger ledger;
    private Docket docket;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        docket = new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    private long held(Terms... terms) throws Exception {
        var command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        return docket.hold(
                        Held.of(command, hold(terms), List.of()),
                        Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}),
                        id -> {})
                .get()
                .id();
    }

    private Voted approve(long request, Identity voter) throws Exception {
        return docket.vote(request, DelegationChain.of(voter), Choice.APPROVE, "")
                .get();
    }

    private Voted withdraw(long request, Identity voter) throws Exception {
        return docket.withdraw(request, DelegationChain.of(voter)).get();
    }

    private static Standing after(Voted voted) {
        assertThat(voted).isInstanceOf(Voted.Counted.class);
        return ((Voted.Counted) voted).after();
    }

    @Test
    void andThenDoesNotCountAndCanBeCastAnew() throws Exception {
        long request = held(terms(2, "approvers"));
        approve(request, BOB);
        assertThat(after(withdraw(request, BOB)).votes()).isEmpty();
        assertThat(after(approve(request, CAROL)).state()).isEqualTo(State.PENDING);
        assertThat(after(approve(request, BOB)).state()).isEqualTo(State.APPROVED);
        assertThat(types())
                .containsExactly("command", "request-held", "vote", "vote-withdrawn", "vote", "vote", "release");
    }

    @Test
    void butNotAfterTheRelease() throws Exception {
        long request = held(terms(1, "approvers"));
        approve(request, BOB);
        assertThat(withdraw(request, BOB))
                .isInstanceOfSatisfying(
                        Voted.Closed.class,
                        closed -> assertThat(closed.standing().state()).isEqualTo(State.APPROVED));
        assertThat(types()).doesNotContain("vote-withdrawn");
    }

    @Test
    void norAfterItsTime() throws Exception {
        long request = held(terms(2, "approvers"));
        approve(request, BOB);
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofHours(1)), ZoneOffset.UTC);
        assertThat(new Docket(ledger.committer(), later, () -> People.UNKNOWN)
                        .withdraw(request, DelegationChain.of(BOB))
                        .get())
                .isInstanceOfSatisfying(
                        Voted.Closed.class,
                        closed -> assertThat(closed.standing().state()).isEqualTo(State.EXPIRED));
    }

    @Test
    void byNobodyElse() throws Exception {
        long request = held(terms(2, "approvers"));
        approve(request, BOB);
        for (DelegationChain other :
                List.of(DelegationChain.of(CAROL), DelegationChain.of(ALICE), DelegationChain.of(BOB, Requests.BOT))) {
            assertThat(docket.withdraw(request, other).get()).isInstanceOf(Voted.NotAllowed.class);
        }
        assertThat(types().stream().filter("withdrawal-refused"::equals)).hasSize(3);
        assertThat(after(approve(request, CAROL)).state()).isEqualTo(State.APPROVED);
        assertThat(withdraw(4711, BOB)).isEqualTo(new Voted.NotFound());
    }

    @Test
    void andTakesWithItWhatLaterStagesApprovedOnItsStrength() throws Exception {
        long request = held(staged(
                Stage.of(1, List.of(group("approvers"))), Stage.of(2, List.of(group("security"), group("approvers")))));
        approve(request, BOB);
        approve(request, DAVE);
        Standing back = after(withdraw(request, BOB));
        assertThat(back.votes()).isEmpty();
        approve(request, DAVE);
        approve(request, BOB);
        assertThat(after(approve(request, CAROL)).state()).isEqualTo(State.APPROVED);
        assertThat(types().stream().filter("vote-withdrawn"::equals)).hasSize(2);
    }

    @Test
    void ofALaterStageWithoutTouchingTheEarlier() throws Exception {
        long request = held(
                staged(Stage.of(1, List.of(group("approvers"))), Stage.of(2, List.of(group("security", "approvers")))));
        approve(request, BOB);
        approve(request, DAVE);
        assertThat(after(withdraw(request, DAVE)).votes().stream().map(Ballot::voter))
                .containsExactly(BOB);
    }

    private List<String> types() {
        return store.transaction(em -> Blocks.from(em, 0, 100_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8).replaceAll("\\{\"type\":\"([a-z-]+)\".*", "$1"))
                .toList();
    }
}
