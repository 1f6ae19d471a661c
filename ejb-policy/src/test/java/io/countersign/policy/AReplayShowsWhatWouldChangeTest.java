package io.countersign.policy;

import static io.countersign.policy.Shop.NOON;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Connection;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.gateway.Records;
import io.countersign.ledger.Entry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AReplayShowsWhatWouldChangeTest {

    private static final String DUTIES = """
            duties:
              - name: support
                carried-by: [support]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select"], decision: permit}
                  - {name: change, targets: [shop], effects: ["sql:update"], decision: hold, reason: two see more, approvers: [seniors]}
            """;

    private static final Session SESSION = new Session(
            new SessionId(new UUID(0, 1)),
            DelegationChain.of(person("alice", "support")),
            "postgres",
            "shop",
            "127.0.0.1:1",
            NOON,
            Instant.MAX);

    @TempDir
    private Path folder;

    private final List<String> ledger = new ArrayList<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Policy then;
    private long number;

    @BeforeEach
    void whatHappened() throws Exception {
        then = Shop.policy(folder, DUTIES);
        add(Records.sessionOpened(SESSION, new Connection("postgres", "shop", "127.0.0.1:1", true, Map.of())));
        asked("SELECT 1", effect("sql:select", "public", "orders"), NOON);
        asked("UPDATE orders", effect("sql:update", "public", "orders"), NOON.plusSeconds(60));
        asked("UPDATE orders", effect("sql:update", "public", "orders"), NOON.plusSeconds(120));
        asked("DROP TABLE orders", effect("sql:drop", "public", "orders"), NOON.plusSeconds(180));
    }

    @Test
    void nothingByTheSamePolicy() throws Exception {
        assertThat(replay(DUTIES, NOON, Instant.MAX)).isZero();
        assertThat(said()).startsWith("4 commands judged by revision ").contains(", 0 of them otherwise.");
    }

    @Test
    void anotherVerdictWithHowOftenItWouldCome() throws Exception {
        assertThat(replay(
                        DUTIES.replace(
                                "decision: hold, reason: two see more, approvers: [seniors]", "decision: permit"),
                        Instant.MIN,
                        Instant.MAX))
                .isEqualTo(2);
        assertThat(said())
                .contains("alice on shop: hold (change) -> permit (change), 2 times")
                .contains("    UPDATE orders")
                .contains("4 commands judged")
                .contains("2 of them otherwise");
    }

    @Test
    void anotherRuleWithTheSameVerdict() throws Exception {
        assertThat(replay(
                        DUTIES
                                + "      - {name: never, targets: [shop], effects: [\"sql:drop\"], decision: refuse, reason: no}\n",
                        Instant.MIN,
                        Instant.MAX))
                .isEqualTo(2);
        assertThat(said()).contains("refuse (no rule) -> refuse (never)").contains("DROP TABLE orders");
    }

    @Test
    void onlyOfTheTimeInQuestion() throws Exception {
        replay(
                DUTIES.replace("decision: hold, reason: two see more, approvers: [seniors]", "decision: permit"),
                NOON.plusSeconds(120),
                NOON.plusSeconds(120));
        assertThat(said()).contains("1 commands judged").contains("hold (change) -> permit (change)\n");
    }

    @Test
    void plansAreLeftOutAndThatIsSaid() throws Exception {
        ledger.add(
                1,
                "{\"type\":\"plan-begun\",\"at\":\"2026-03-02T12:00:00.000000Z\",\"session\":\"" + SESSION.id()
                        + "\",\"plan\":7}");
        assertThat(replay("", Instant.MIN, Instant.MAX)).isZero();
        assertThat(said()).contains("0 commands judged").contains("4 commands of plans are left out");
    }

    @Test
    void aLedgerWithoutItsBeginningIsNotGuessedAt() throws Exception {
        ledger.removeFirst();
        assertThat(replay(DUTIES, Instant.MIN, Instant.MAX)).isEqualTo(1);
        assertThat(said()).contains("has no beginning");
    }

    @Test
    void norAPolicyThatWouldNotLoad() throws Exception {
        assertThat(replay("dutys: []", Instant.MIN, Instant.MAX)).isEqualTo(1);
        assertThat(said()).contains("b-duties.yaml:1:1: 'dutys' is not known here");
    }

    private int replay(String duties, Instant since, Instant until) throws IOException {
        Files.writeString(folder.resolve("b-duties.yaml"), duties);
        PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
        return Replay.folder(folder.toString(), ledger, since, until, print, print);
    }

    private String said() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void asked(String text, Effect effect, Instant at) {
        Content content = new Content(
                text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), List.of("TEST"), List.of(effect), Set.of());
        Command command =
                new Command(SESSION, ++number, Command.Phase.RUN, content, List.of(), Map.of("transaction", "I"));
        add(Records.command(command, then.decide(command, at), List.of(), at));
    }

    private void add(Entry entry) {
        ledger.add(new String(entry.json(), StandardCharsets.UTF_8));
    }
}
