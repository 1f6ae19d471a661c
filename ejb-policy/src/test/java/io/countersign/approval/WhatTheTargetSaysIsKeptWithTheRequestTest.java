package io.countersign.approval;

import static io.countersign.approval.Requests.ALICE;
import static io.countersign.approval.Requests.BOB;
import static io.countersign.approval.Requests.command;
import static io.countersign.approval.Requests.hold;
import static io.countersign.approval.Requests.terms;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Insight;
import io.countersign.api.SessionId;
import io.countersign.identity.People;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WhatTheTargetSaysIsKeptWithTheRequestTest {

    private static final List<Insight> SAID = List.of(
            new Insight.Locks(List.of("RowExclusiveLock on table public.orders")),
            new Insight.Plan(List.of("Delete on orders"), 0, OptionalLong.of(2)));

    private final TestStore store = new TestStore();
    private TestLedger ledger;
    private HeldCommand held;
    private Standing opened;

    @BeforeEach
    void ask() throws Exception {
        ledger = new TestLedger(store);
        Command command = command(DelegationChain.of(ALICE), new SessionId(UUID.randomUUID()), 1);
        held = new HeldCommand(
                new Docket(ledger.committer(), Clock.systemUTC(), () -> People.UNKNOWN),
                (session, number, digest, verdict) -> true,
                Runnable::run,
                command.session().id(),
                Held.of(command, hold(terms(1, "approvers")), List.of()),
                command.digest(),
                List.of());
        opened = held.open(Entry.of("command", Instant.EPOCH, command.session().id(), json -> {}), id -> {})
                .get();
        held.announced();
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void andOnTheLedgerAndBindsNobody() throws Exception {
        Standing seen = held.observed(SAID).get().orElseThrow();
        assertThat(seen.held().insights()).isEqualTo(SAID);
        assertThat(seen.held().digest()).isEqualTo(opened.held().digest());
        assertThat(entries().getLast())
                .contains("\"type\":\"request-observed\"", "RowExclusiveLock on table public.orders", "\"changed\":2");
        assertThat(held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get())
                .isInstanceOfSatisfying(Voted.Counted.class, counted -> {
                    assertThat(counted.after().state()).isEqualTo(State.APPROVED);
                    assertThat(counted.after().held().insights()).isEqualTo(SAID);
                });
    }

    @Test
    void butNotOnceItIsDecided() throws Exception {
        held.vote(DelegationChain.of(BOB), Choice.APPROVE, "").get();
        assertThat(held.observed(SAID).get()).isEmpty();
        assertThat(entries()).noneMatch(entry -> entry.contains("request-observed"));
    }

    private List<String> entries() {
        return store.transaction(em -> Blocks.from(em, 0, 1_000)).stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .toList();
    }
}
