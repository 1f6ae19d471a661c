package io.countersign.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Connection;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.api.Resource;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.gateway.Records;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Journals;
import io.countersign.ledger.TestLedger;
import io.countersign.ledger.TestStore;
import io.countersign.ledger.Work.Written;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.DescribedEffect;
import io.countersign.policy.Policy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatWasDoneToAnObjectClosesOtherThingsTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final DelegationChain ALICE = DelegationChain.of(person("alice"));
    private static final DelegationChain SECOND_ACCOUNT = DelegationChain.of(person("aadams"));
    private static final DelegationChain BOB = DelegationChain.of(person("bob"));
    private static final DelegationChain THROUGH_BOT = DelegationChain.of(
            person("alice"), new Identity("https://id.example", "bot", "bot", Set.of("support"), Identity.Kind.AGENT));

    @TempDir
    private Path folder;

    private final TestStore store = new TestStore();
    private TestLedger ledger;
    private Policy policy;
    private Deeds deeds;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
        Files.writeString(folder.resolve("shop.yaml"), """
                issuers:
                  - {name: demo, issuer: "https://id.example", jwks: "https://id.example/jwks", audience: countersign}
                targets:
                  - {name: shop, protocol: postgres, host: db, port: 5432, user: gateway, password: "${p}", tls: verify-full}
                approvers:
                  - {name: seniors, groups: [approvers]}
                persons:
                  - id: alice-adams
                    accounts: [{issuer: demo, subject: alice}, {issuer: demo, subject: aadams}]
                duties:
                  - name: support
                    carried-by: [support]
                    rules:
                      - {name: all, targets: [shop], effects: ["sql:copy-to", "sql:delete"], decision: permit}
                      - {name: asks, targets: [shop], effects: ["sql:truncate"], decision: hold, reason: r, approvers: [seniors]}
                separations:
                  - name: who-exports-does-not-delete
                    kind: object
                    within: 30d
                    apart:
                      - effects: ["sql:copy-to on table public.*"]
                      - effects: ["sql:delete on table public.*", "sql:truncate on table public.*"]
                """);
        policy = Policy.load(folder, name -> "secret");
        deeds = new Deeds(() -> store, this::settle);
        deeds.read(policy);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void whoExportedDoesNotDeleteAndReadsTheWitness() {
        Command export = command(ALICE, 4, effect("sql:copy-to", "orders"));
        assertThat(judge(export, NOON).ruling()).isEqualTo(Ruling.PERMIT);
        Decision refused = judge(command(ALICE, 9, effect("sql:delete", "orders")), NOON.plusSeconds(60));
        assertThat(refused.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(refused.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.place()).isEqualTo("who-exports-does-not-delete (shop.yaml:17)");
            assertThat(reason.words())
                    .contains("alice asked for sql:copy-to on table public.orders before")
                    .contains("command 4 of session " + export.session().id())
                    .contains("2026-03-02T12:00:00Z");
        });
    }

    @Test
    void theOtherWayRoundAsWell() {
        judge(command(ALICE, 1, effect("sql:delete", "orders")), NOON);
        assertThat(judge(command(ALICE, 2, effect("sql:copy-to", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void notUnderAnotherAccountNorThroughAnAgent() {
        judge(command(THROUGH_BOT, 1, effect("sql:copy-to", "orders")), NOON);
        assertThat(judge(command(SECOND_ACCOUNT, 1, effect("sql:delete", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void butOthersDoAndSoDoTheyWithOtherObjects() {
        judge(command(ALICE, 1, effect("sql:copy-to", "orders")), NOON);
        assertThat(judge(command(BOB, 1, effect("sql:delete", "orders")), NOON).ruling())
                .isEqualTo(Ruling.PERMIT);
        assertThat(judge(command(ALICE, 2, effect("sql:delete", "customers")), NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void andTheSameThingAgain() {
        judge(command(ALICE, 1, effect("sql:copy-to", "orders")), NOON);
        assertThat(judge(command(ALICE, 2, effect("sql:copy-to", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void notBothInOneCommand() {
        Decision decision =
                judge(command(ALICE, 1, effect("sql:copy-to", "orders"), effect("sql:delete", "orders")), NOON);
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons().getFirst().words()).contains("This command would do");
    }

    @Test
    void afterItsTimeItIsForgotten() {
        judge(command(ALICE, 1, effect("sql:copy-to", "orders")), NOON);
        assertThat(judge(command(ALICE, 2, effect("sql:delete", "orders")), NOON.plus(Duration.ofDays(31)))
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void aHeldCommandCountsUntilItComesToNothing() {
        Command held = command(ALICE, 2, effect("sql:truncate", "orders"));
        assertThat(judge(held, NOON).ruling()).isEqualTo(Ruling.HOLD);
        assertThat(judge(command(ALICE, 3, effect("sql:copy-to", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
        deeds.forget(held.session().id().toString(), 2);
        assertThat(judge(command(ALICE, 4, effect("sql:copy-to", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void whatWasDoneBeforeAHeldCommandThatComesToNothingStillCounts() {
        judge(command(ALICE, 1, effect("sql:delete", "orders")), NOON);
        Command held = command(ALICE, 2, effect("sql:truncate", "orders"));
        judge(held, NOON);
        deeds.forget(held.session().id().toString(), 2);
        assertThat(judge(command(ALICE, 3, effect("sql:copy-to", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void preparingAloneDoesNothingYet() {
        Command run = command(ALICE, 1, effect("sql:copy-to", "orders"));
        judge(new Command(run.session(), 1, Command.Phase.PREPARE, run.content(), run.binds(), run.state()), NOON);
        assertThat(judge(command(ALICE, 2, effect("sql:delete", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void untilTheRecordIsReadItIsRefused() {
        deeds = new Deeds(() -> store, this::settle);
        Decision decision = judge(command(ALICE, 1, effect("sql:delete", "orders")), NOON);
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons().getFirst().words()).contains("still being read");
    }

    @Test
    void allOfItIsReadFromTheLedgerAgain() throws Exception {
        record(command(ALICE, 1, effect("sql:copy-to", "orders")), false);
        record(command(BOB, 2, effect("sql:truncate", "orders")), false);
        record(command(BOB, 3, effect("sql:truncate", "customers")), true);

        deeds = new Deeds(() -> store, this::settle);
        deeds.read(policy);

        assertThat(judge(command(SECOND_ACCOUNT, 1, effect("sql:delete", "orders")), NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
        assertThat(judge(command(BOB, 5, effect("sql:copy-to", "customers")), NOON)
                        .ruling())
                .as("its truncate was released")
                .isEqualTo(Ruling.REFUSE);
        assertThat(judge(command(BOB, 4, effect("sql:copy-to", "orders")), NOON).ruling())
                .as("its truncate was held and never released")
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void andSoIsWhatTheStoreHasNotTakenOverFromTheJournal() throws Exception {
        ledger.close();
        try (ExecutorService storing = Executors.newSingleThreadExecutor()) {
            Journals journals = new Journals(folder.resolve("ledger.journal"), storing);
            ledger = new TestLedger(store, Clock.systemUTC(), journals);
            record(command(ALICE, 1, effect("sql:copy-to", "orders")), false);

            deeds = new Deeds(() -> store, this::settle);
            deeds.read(policy);

            assertThat(judge(command(ALICE, 1, effect("sql:delete", "orders")), NOON)
                            .ruling())
                    .isEqualTo(Ruling.REFUSE);
            ledger.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sql:delete on table public.orders (no-where)",
                "sql:select on nothing",
                "sql:delete on table public.\"a \"\"b\"\" (c).d\".x (no-where, opaque)",
                "sql:copy-to on query",
                "sql:do on code (opaque)",
            })
    void effectsAreReadBackAsTheyWereWritten(String written) {
        assertThat(DescribedEffect.parse(written).described()).isEqualTo(written);
    }

    private void settle() {
        ledger.committer().submit(em -> Written.of(true)).join();
    }

    private Decision judge(Command command, Instant now) {
        return deeds.decide(policy, command, policy.decide(command, now), now);
    }

    private void record(Command command, boolean released) throws Exception {
        Decision decision = policy.decide(command, NOON);
        ledger.committer()
                .append(
                        Records.sessionOpened(
                                command.session(), new Connection("postgres", "shop", "127.0.0.1:5", true, Map.of())),
                        true)
                .get();
        ledger.committer()
                .append(Records.command(command, decision, List.of(), NOON), true)
                .get();
        if (released) {
            ledger.committer()
                    .append(
                            Entry.of(
                                    "release",
                                    NOON,
                                    command.session().id(),
                                    json -> json.number("command", command.number())
                                            .number("request", 1)),
                            true)
                    .get();
        }
    }

    private static Command command(DelegationChain requester, long number, Effect... effects) {
        Session session = new Session(
                new SessionId(UUID.randomUUID()), requester, "postgres", "shop", "127.0.0.1:1", NOON, Instant.MAX);
        String text = "command " + number + List.of(effects);
        Content content = new Content(
                text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), List.of("TEST"), List.of(effects), Set.of());
        return new Command(session, number, Command.Phase.RUN, content, List.of(), Map.of());
    }

    private static Effect effect(String action, String table) {
        return Effect.of(action, new Resource("table", List.of("public", table)));
    }

    private static Identity person(String name) {
        return new Identity("https://id.example", name, name, Set.of("support"), Identity.Kind.PERSON);
    }
}
