package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Answer;
import io.countersign.api.Command;
import io.countersign.api.Frame;
import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.countersign.postgres.message.StartupPacket;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ASessionEndsAndIsRecordedTest extends GatewayTest {

    @Test
    void whenItsTimeIsUp() throws IOException {
        gateway.policy.until = Instant.now().plusMillis(300);
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            Report last = (Report) client.readToEnd().getLast();
            assertThat(last.severity()).isEqualTo("FATAL");
            assertThat(last.message()).contains("the session's time is up");
        }
        assertThat(Policy.await(gateway.policy.closings::peek, "the end")).contains("time is up");
    }

    @Test
    void whenItCannotBeRecorded() throws IOException {
        gateway.policy.recording = () -> CompletableFuture.failedFuture(new IOException("disk full"));
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(new Query("SELECT repeat('x', 100000)"));
            Report last = (Report) client.readToEnd().getLast();
            assertThat(last.sqlState()).isEqualTo("58030");
            assertThat(last.message()).contains("recording cannot be written");
        }
        assertThat(gateway.counters.value(Counter.RECORDINGS_FAILED_TOTAL)).isEqualTo(1);
    }

    @Test
    void whenTheTargetGoesWithTheTargetsOwnWords() throws IOException {
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(new Query("SELECT pg_backend_pid()"));
            client.readToReady();
            TARGET.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE usename = '" + TargetServer.USER + "' AND pid <> pg_backend_pid()"
                    + " AND query LIKE '%pg_backend_pid()%'");
            List<BackendMessage> end = client.readToEnd();
            assertThat(((Report) end.getFirst()).sqlState()).isEqualTo("57P01");
            assertThat(((Report) end.getLast()).sqlState()).isEqualTo("08006");
        }
    }

    @Test
    void anOutcomeThatNobodyKnowsIsToldAsUnknown() throws Exception {
        Process psql = gateway.startPsql("-c", "SELECT pg_sleep(20)");
        gateway.policy.awaitCommand(command -> command.content().text().contains("pg_sleep"));
        Policy.await(
                () -> TARGET.ask("SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'"
                                        + " AND state = 'active'")
                                .equals("1")
                        ? true
                        : null,
                "the sleep");
        psql.destroyForcibly();
        assertThat(gateway.policy.awaitOutcome(outcome -> true).status()).isEqualTo(Outcome.Status.UNKNOWN);
        TARGET.run("SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(20)'");
    }

    @Test
    void exactlyOnce() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawClient client = new RawClient(gateway.number())) {
                client.signIn();
                client.send(new Query("SELECT 1"), Signal.TERMINATE);
            }
        }
        Policy.await(() -> gateway.policy.closings.size() >= 20 ? true : null, "all ends");
        assertThat(gateway.policy.closings).hasSize(20);
        Policy.await(() -> gateway.counters.value(Counter.CONNECTIONS_OPEN) == 0 ? true : null, "closed connections");
        assertThat(gateway.counters.value(Counter.SESSIONS_OPEN)).isZero();
        assertThat(gateway.counters.value(Counter.SESSIONS_TOTAL)).isEqualTo(20);
    }

    @Test
    void aCancelRequestWithAnotherKeyDoesNothing() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            var key = RawClient.key(client.signIn());
            client.send(new Query("SELECT pg_sleep(0.3)"));
            try (RawClient canceller = new RawClient(gateway.number())) {
                canceller.send(new StartupPacket.CancelRequest(key.processId(), new byte[] {1, 2, 3, 4}));
                assertThat(canceller.readToEnd()).isEmpty();
            }
            assertThat(APipelineKeepsItsOrderTest.kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
        }
    }

    @Test
    void whatTheClientSawCanBeReadBack() throws SQLException {
        Mask mask = new Mask("items", new Mask.Selector.Column("**", "item"), Mask.Way.KEEP_LAST_4);
        gateway.policy.rule = command -> switch (command.content().kinds().getFirst()) {
            case "DROP TABLE" -> Policy.refuse(Verdict.Cause.POLICY);
            case "SELECT" -> new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(mask))));
            default -> Policy.PERMIT;
        };
        TARGET.run("INSERT INTO orders VALUES (9, 'wardrobe')");
        try (Connection connection = gateway.connect("preferQueryMode=simple");
                var statement = connection.createStatement()) {
            statement.execute("SELECT id, item FROM orders WHERE id = 9");
            try {
                statement.execute("DROP TABLE orders");
            } catch (SQLException e) {
                assertThat(e.getMessage()).contains("never dropped");
            }
        }
        try (Connection connection = gateway.connect("prepareThreshold=1");
                PreparedStatement select = connection.prepareStatement("SELECT item FROM orders WHERE id = ?")) {
            select.setInt(1, 9);
            select.execute();
            select.execute();
        }
        Policy.await(() -> gateway.policy.closings.size() == 2 ? true : null, "both ends");
        assertThat(said())
                .containsSubsequence(
                        "? SELECT id, item FROM orders WHERE id = 9",
                        "| id item",
                        "= 9 ****robe",
                        "SELECT 1",
                        "? DROP TABLE orders",
                        "! 42501",
                        "? SELECT item FROM orders WHERE id = $1",
                        "= ****robe",
                        "SELECT 1",
                        "? SELECT item FROM orders WHERE id = $1",
                        "= ****robe",
                        "SELECT 1");
    }

    @Test
    void aRecordingThatIsCutOffAnywhereCanStillBeRead() throws SQLException {
        try (Connection connection = gateway.connect("preferQueryMode=simple");
                var statement = connection.createStatement()) {
            statement.execute("SELECT id, item FROM orders");
        }
        Policy.await(gateway.policy.closings::peek, "the end");
        List<Frame> frames = List.copyOf(gateway.policy.frames);
        int whole = Transcript.read(frames).size();
        for (int i = 0; i < frames.size(); i++) {
            Frame frame = frames.get(i);
            for (int length = 0; length < frame.bytes().length; length++) {
                List<Frame> part = new ArrayList<>(frames.subList(0, i));
                part.add(new Frame(
                        frame.at(),
                        frame.direction(),
                        frame.command(),
                        java.util.Arrays.copyOf(frame.bytes(), length)));
                assertThat(Transcript.read(part)).hasSizeLessThanOrEqualTo(whole);
            }
        }
    }

    @Test
    void aSlowClientDoesNotFillTheGatewaysMemory() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(new Query("SELECT repeat('x', 1000) FROM generate_series(1, 40000)"));
            Command command = gateway.policy.awaitCommand(one -> true);
            long before = -1;
            long now = 0;
            // The answer has 40 MB; what the gateway takes in must come to a stop by itself.
            while (now != before || now == 0) {
                before = now;
                Policy.await(new Pause(200)::over, "a moment");
                now = gateway.counters.value(Counter.BYTES_TO_CLIENTS_TOTAL);
            }
            assertThat(now).isLessThan(20_000_000);
            assertThat(command.content().kinds()).isEqualTo(List.of("SELECT"));
            assertThat(client.readToReady()).hasSize(40_003);
        }
    }

    @Test
    void aSlowRecordingSlowsTheSession() throws Exception {
        CompletableFuture<Void> written = new CompletableFuture<>();
        gateway.policy.recording = () -> written;
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(new Query("SELECT repeat('x', 1000) FROM generate_series(1, 20000)"));
            Policy.await(
                    () -> gateway.policy.frames.stream()
                                            .mapToLong(frame -> frame.bytes().length)
                                            .sum()
                                    > 1_000_000
                            ? true
                            : null,
                    "a megabyte that waits to be written");
            Policy.await(new Pause(200)::over, "a moment");
            assertThat(gateway.counters.value(Counter.BYTES_TO_CLIENTS_TOTAL)).isLessThan(5_000_000);
            written.complete(null);
            assertThat(client.readToReady()).hasSize(20_003);
        }
    }

    private record Pause(long until) {
        Pause(int millis) {
            this(System.nanoTime() + millis * 1_000_000L);
        }

        Boolean over() {
            return System.nanoTime() > until ? true : null;
        }
    }

    private List<String> said() {
        List<String> said = new ArrayList<>();
        for (Answer answer : Transcript.read(List.copyOf(gateway.policy.frames))) {
            switch (answer) {
                case Answer.Asked asked -> said.add("? " + asked.text());
                case Answer.Columns columns -> said.add("| " + String.join(" ", columns.names()));
                case Answer.Row row -> said.add("= " + String.join(" ", row.values()));
                case Answer.Done done -> said.add(done.tag());
                case Answer.Failed failed -> said.add("! " + failed.code());
                case Answer.Notice notice -> said.add("- " + notice.text());
                case Answer.Data data -> said.add("> " + data.text());
            }
        }
        assertThat(Set.copyOf(said)).isNotEmpty();
        return said;
    }
}
