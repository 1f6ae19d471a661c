package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.CommandComplete;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.ParameterDescription;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The extended protocol, message by message (54.2.3, 54.2.4). */
class APipelineKeepsItsOrderTest extends SignedInTest {

    @Test
    void answersComeAsAskedFor() throws IOException {
        client.send(
                new Parse("a", "SELECT $1::int", List.of()),
                new Describe(Kind.STATEMENT, "a"),
                bind("", "a", "1"),
                new Execute("", 0),
                bind("", "a", "2"),
                new Describe(Kind.PORTAL, ""),
                new Execute("", 0),
                new Close(Kind.STATEMENT, "a"),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 t T 2 D SELECT 1 2 T D SELECT 1 3 Z:IDLE");
    }

    @Test
    void aStatementMayBePreparedAndDescribedFirst() throws IOException {
        client.send(new Parse("a", "SELECT $1::int", List.of()), new Describe(Kind.STATEMENT, "a"), Signal.FLUSH);
        assertThat(client.read()).isEqualTo(Signal.PARSE_COMPLETE);
        assertThat(client.read()).isInstanceOf(ParameterDescription.class);
        assertThat(client.read()).isInstanceOf(RowDescription.class);
        client.send(bind("p", "a", "1"), new Execute("p", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 D SELECT 1 Z:IDLE");
        assertThat(gateway.policy.judged.stream().map(Command::phase))
                .containsExactly(Command.Phase.PREPARE, Command.Phase.RUN);
        assertThat(gateway.policy
                        .awaitOutcome(outcome -> outcome.command() == 1)
                        .detail())
                .isEqualTo("PREPARE");
    }

    @Test
    void whoeverAsksAndAsksAndRunsNothingIsAnsweredBeforeTheyEnd() throws IOException {
        FrontendMessage[] asked = new FrontendMessage[1_000];
        Arrays.fill(asked, new Describe(Kind.STATEMENT, "a"));
        client.send(new Parse("a", "SELECT 1", List.of()));
        client.send(asked);
        assertThat(client.read()).isEqualTo(Signal.PARSE_COMPLETE);
        client.send(new Close(Kind.STATEMENT, "a"), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("t T ".repeat(1_000) + "3 Z:IDLE");
    }

    @Test
    void nothingOfWhatIsRefusedReachesTheTarget() throws IOException {
        refuse("never");
        client.send(
                new Parse("ok", "SELECT 1 AS ok", List.of()),
                bind("", "ok"),
                new Execute("", 0),
                new Parse("no", "SELECT 2 AS never", List.of()),
                bind("", "no"),
                new Execute("", 0),
                bind("", "ok"),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 D SELECT 1 E:42501 Z:IDLE");
        assertThat(gateway.policy.texts()).containsExactly("SELECT 1 AS ok", "SELECT 2 AS never");
        assertThat(TARGET.received("AS never")).isFalse();
        client.send(bind("", "no"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:26000 Z:IDLE");
        client.send(bind("", "ok"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 D SELECT 1 Z:IDLE");
    }

    @Test
    void preparingWhatIsRefusedIsRefused() throws IOException {
        refuse("never");
        client.send(new Parse("no", "SELECT 2 AS never", List.of()), new Describe(Kind.STATEMENT, "no"), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:42501 Z:IDLE");
        assertThat(TARGET.received("AS never")).isFalse();
    }

    @Test
    void anErrorOfTheTargetSkipsToSync() throws IOException {
        client.send(
                new Parse("", "SELECT 1 / (g - 1) FROM generate_series(0, 1) g", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("later", "SELECT 3 AS later", List.of()),
                bind("", "later"),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 D E:22012 Z:IDLE");
        client.send(bind("", "later"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:26000 Z:IDLE");
        client.send(
                new Parse("later", "SELECT 4 AS later", List.of()), bind("", "later"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 D SELECT 1 Z:IDLE");
        Policy.await(() -> gateway.policy.outcomes.size() == 3 ? true : null, "three outcomes");
        assertThat(gateway.policy.outcomes.stream().map(Outcome::status))
                .containsExactly(Outcome.Status.FAILED, Outcome.Status.FAILED, Outcome.Status.DONE);
    }

    @Test
    void theUnnamedStatementIsGoneOnceItsSuccessorFails() throws IOException {
        client.send(new Parse("", "SELECT 5", List.of()), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 Z:IDLE");
        client.send(new Parse("", "SELECT no_such_column", List.of()), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:42703 Z:IDLE");
        client.send(bind("", ""), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:26000 Z:IDLE");
    }

    @Test
    void aNameThatIsTakenKeepsItsMeaning() throws IOException {
        client.send(new Parse("a", "SELECT 5", List.of()), Signal.SYNC);
        client.readToReady();
        client.send(new Parse("a", "SELECT 6 AS other", List.of()), bind("", "a"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("E:42P05 Z:IDLE");
        client.send(bind("", "a"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 D SELECT 1 Z:IDLE");
        assertThat(gateway.policy.texts().getLast()).isEqualTo("SELECT 5");
    }

    @Test
    void cyclesMayFollowEachOtherUnasked() throws IOException {
        List<FrontendMessage> messages = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            messages.add(new Parse("", "SELECT " + i, List.of()));
            messages.add(bind("", ""));
            messages.add(new Execute("", 0));
            messages.add(Signal.SYNC);
            messages.add(new Query("SELECT " + i));
        }
        client.send(messages.toArray(FrontendMessage[]::new));
        for (int i = 0; i < 50; i++) {
            assertThat(kinds(client.readToReady())).isEqualTo("1 2 D SELECT 1 Z:IDLE");
            assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
        }
    }

    @Test
    void aQueryEndsAPipelineThatWasNotSynced() throws IOException {
        client.send(new Parse("", "SELECT 1", List.of()), bind("", ""), new Execute("", 0), new Query("SELECT 2"));
        assertThat(kinds(client.readToReady())).startsWith("1 2 D SELECT 1 T D SELECT 1 Z:");
    }

    @Test
    void copyInWaitsForItsData() throws IOException {
        client.send(new Parse("", "COPY orders FROM STDIN", List.of()), bind("", ""), new Execute("", 0), Signal.SYNC);
        assertThat(client.read()).isEqualTo(Signal.PARSE_COMPLETE);
        assertThat(client.read()).isEqualTo(Signal.BIND_COMPLETE);
        assertThat(client.read()).isInstanceOf(CopyResponse.class);
        client.send(
                new Opaque(Opaque.COPY_DATA, "20\tchair\n".getBytes(StandardCharsets.UTF_8)),
                Signal.COPY_DONE,
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("COPY 1 Z:IDLE");
        client.send(new Query("SELECT 1"));
        assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
    }

    @Test
    void aSettingChangedInAPipelineCountsForTheNextCommand() throws IOException {
        TARGET.run(
                "CREATE SCHEMA IF NOT EXISTS other",
                "DROP TABLE IF EXISTS other.orders",
                "CREATE TABLE other.orders (id int)");
        client.send(
                new Parse("", "SET search_path = other", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("", "DELETE FROM orders", List.of()),
                bind("", ""),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).contains("DELETE 0").endsWith("Z:IDLE");
        assertThat(effects("DELETE FROM orders")).containsExactly("sql:delete on table other.orders (no-where)");
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void namesAreJudgedWhereTheServerWouldLookForThem() throws IOException {
        TARGET.run(
                "CREATE SCHEMA IF NOT EXISTS other",
                "DROP TABLE IF EXISTS other.orders",
                "CREATE TABLE other.orders (id int)");
        client.send(new Query("SELECT 1 FROM orders"));
        client.readToReady();
        assertThat(effects("SELECT 1 FROM orders")).containsExactly("sql:select on table public.orders");
        client.send(new Query("BEGIN"));
        client.readToReady();
        client.send(new Query("SET LOCAL search_path = other, public"));
        client.readToReady();
        client.send(new Query("SELECT 2 FROM orders"));
        client.readToReady();
        assertThat(effects("SELECT 2 FROM orders"))
                .containsExactlyInAnyOrder("sql:select on table other.orders", "sql:select on table public.orders");
        client.send(new Query("ROLLBACK"));
        client.readToReady();
        client.send(new Query("SELECT 3 FROM orders, pg_class"));
        client.readToReady();
        assertThat(effects("SELECT 3 FROM orders, pg_class"))
                .contains("sql:select on table public.orders", "sql:select on table pg_catalog.pg_class")
                .doesNotContain("sql:select on table other.orders");
        client.send(new Query("CREATE TEMP TABLE fresh (id int)"));
        client.readToReady();
        client.send(new Query("SELECT 4 FROM fresh"));
        client.readToReady();
        assertThat(effects("SELECT 4 FROM fresh")).contains("sql:select on table pg_temp.fresh");
    }

    @Test
    void oneMessageMustNotChangeWhatItsOwnNamesMean() throws IOException {
        client.send(new Query("SET search_path = other; DELETE FROM orders"));
        assertThat(kinds(client.readToReady())).isEqualTo("E:0A000 Z:IDLE");
        client.send(new Query("SET search_path = other; SELECT 1 FROM public.orders"));
        assertThat(kinds(client.readToReady())).contains("SELECT 2").endsWith("Z:IDLE");
        client.send(new Query("SET statement_timeout = 0; SELECT 1 FROM orders"));
        assertThat(kinds(client.readToReady())).contains("E:42P01");
    }

    @Test
    void aStatementPreparedBySqlIsJudgedWhenItIsExecuted() throws IOException {
        client.send(new Query("PREPARE gone AS DELETE FROM orders WHERE id = $1"));
        assertThat(kinds(client.readToReady())).isEqualTo("PREPARE Z:IDLE");
        client.send(new Query("EXECUTE gone(7)"));
        assertThat(kinds(client.readToReady())).isEqualTo("DELETE 1 Z:IDLE");
        assertThat(effects("EXECUTE gone(7)"))
                .containsExactly("sql:execute on prepared gone", "sql:delete on table public.orders");
        client.send(bind("", "gone", "8"), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("2 DELETE 1 Z:IDLE");
        client.send(new Query("DEALLOCATE gone"));
        client.readToReady();
        client.send(new Query("EXECUTE gone(7)"));
        assertThat(kinds(client.readToReady())).isEqualTo("E:26000 Z:IDLE");
        assertThat(effects("EXECUTE gone(7)")).contains("sql:delete on table public.orders");
        assertThat(gateway.policy.judged.stream()
                        .filter(command -> command.content().text().equals("EXECUTE gone(7)"))
                        .reduce((first, last) -> last)
                        .orElseThrow()
                        .content()
                        .effects())
                .anySatisfy(effect -> assertThat(effect.action()).isEqualTo("sql:unknown"));
    }

    @Test
    void aNameThatThePipelineChangesIsJudgedAsWhatItMeansThen() throws IOException {
        client.send(new Parse("a", "SELECT 1", List.of()), Signal.SYNC);
        client.readToReady();
        client.send(
                new Parse("", "DEALLOCATE a", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("", "PREPARE a AS DELETE FROM orders", List.of()),
                bind("", ""),
                new Execute("", 0),
                bind("", "a"),
                new Execute("", 0),
                Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 DEALLOCATE 1 2 PREPARE 2 DELETE 2 Z:IDLE");
        assertThat(gateway.policy.judged.stream()
                        .reduce((first, last) -> last)
                        .orElseThrow()
                        .content()
                        .effects())
                .extracting(effect -> effect.action())
                .containsExactly("sql:delete");
    }

    @Test
    void whatIsBeforeAHeldCommandIsAnsweredAtOnceAndWhatFollowsWaits() throws IOException {
        gateway.policy.rule = command -> command.content().text().startsWith("DELETE") ? Policy.hold() : Policy.PERMIT;
        client.send(
                new Parse("", "SELECT 'before'", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("", "DELETE FROM orders", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("", "SELECT 'after'", List.of()),
                bind("", ""),
                new Execute("", 0),
                Signal.SYNC);
        List<BackendMessage> first = new ArrayList<>();
        while (first.size() < 5) {
            first.add(client.read());
        }
        assertThat(kinds(first)).isEqualTo("N:00000 1 2 D SELECT 1");
        gateway.release(gateway.awaitHeld("DELETE"), Policy.PERMIT);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 DELETE 2 1 2 D SELECT 1 Z:IDLE");
    }

    @Test
    void aHeldCommandIsGivenUpOnceWhatIsBeforeItFails() throws IOException {
        gateway.policy.rule = command -> command.content().text().startsWith("DELETE") ? Policy.hold() : Policy.PERMIT;
        gateway.policy.onWithdraw = () -> gateway.release(
                gateway.policy.awaitCommand(command -> command.content().text().startsWith("DELETE")),
                Policy.refuse(Verdict.Cause.WITHDRAWN));
        client.send(
                new Parse("", "SELECT 1 / (g - 1) FROM generate_series(1, 1) g", List.of()),
                bind("", ""),
                new Execute("", 0),
                new Parse("", "DELETE FROM orders", List.of()),
                bind("", ""),
                new Execute("", 0),
                Signal.SYNC);
        // The word that it is held comes before or after, or between.
        assertThat(kinds(client.readToReady()).replace("N:00000 ", "")).isEqualTo("1 2 E:22012 Z:IDLE");
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void aRefusedCommandFailsItsTransactionButNotWhatIsBeforeItsSavepoint() throws IOException {
        refuse("never");
        client.send(new Query("BEGIN"), new Query("DELETE FROM orders WHERE id = 7"), new Query("SAVEPOINT s"));
        client.readToReady();
        client.readToReady();
        client.readToReady();
        for (boolean extended : new boolean[] {false, true}) {
            if (extended) {
                client.send(new Parse("", "SELECT 'never'", List.of()), bind("", ""), new Execute("", 0), Signal.SYNC);
            } else {
                client.send(new Query("SELECT 'never'"));
            }
            assertThat(kinds(client.readToReady())).isEqualTo("E:42501 Z:FAILED");
            client.send(new Query("SELECT 1"), new Query("ROLLBACK TO s"));
            assertThat(kinds(client.readToReady())).isEqualTo("E:25P02 Z:FAILED");
            assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IN_TRANSACTION");
        }
        client.send(new Query("SELECT 'never'"), new Query("COMMIT"));
        assertThat(kinds(client.readToReady())).isEqualTo("E:42501 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IDLE");
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void whatIsNotUtf8FailsAloneAndWhatBreaksTheProtocolFailsTheSession() throws IOException {
        client.send(new byte[] {'Q', 0, 0, 0, 7, (byte) 0xff, (byte) 0xfe, 0});
        assertThat(kinds(client.readToReady())).isEqualTo("E:22021 Z:IDLE");
        client.send(new byte[] {'?', 0, 0, 0, 4});
        assertThat(kinds(client.readToEnd())).isEqualTo("E:08P01");
        assertThat(gateway.counters.value(io.countersign.core.Counters.Counter.FRAMES_REFUSED_TOTAL))
                .isEqualTo(1);
    }

    @Test
    void aFunctionThatOnlyTheTargetKnowsByItsNumberIsRefusedInPlace() throws IOException {
        FunctionCall lower =
                new FunctionCall(870, List.of(), List.of("ABC".getBytes(StandardCharsets.UTF_8)), (short) 0);
        client.send(new Query("SELECT 'before'"), lower, new Query("SELECT 'after'"));
        assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
        List<BackendMessage> refused = client.readToReady();
        assertThat(kinds(refused)).isEqualTo("E:0A000 Z:IDLE");
        assertThat(refused.getFirst().toString()).contains("function 870", "Call it by its name");
        assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
    }

    @Test
    void andFailsItsTransactionAsTheServersRefusalWould() throws IOException {
        FunctionCall nobodysFunction = new FunctionCall(-1, List.of(), List.of(), (short) 1);
        client.send(new Query("BEGIN"), nobodysFunction, new Query("SELECT 1"));
        assertThat(kinds(client.readToReady())).isEqualTo("BEGIN Z:IN_TRANSACTION");
        assertThat(kinds(client.readToReady())).isEqualTo("E:0A000 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("E:25P02 Z:FAILED");
    }

    @Test
    void aMessageThatIsTooLongIsRefusedBeforeItIsThere() throws IOException {
        client.send(new byte[] {'Q', 0x7f, 0, 0, 0});
        assertThat(kinds(client.readToEnd())).isEqualTo("E:08P01");
    }

    private void refuse(String word) {
        gateway.policy.rule = command ->
                command.content().text().contains(word) ? Policy.refuse(Verdict.Cause.POLICY) : Policy.PERMIT;
    }

    private List<String> effects(String text) {
        return gateway
                .policy
                .awaitCommand(command -> command.content().text().equals(text))
                .content()
                .effects()
                .stream()
                .map(effect -> effect.described())
                .toList();
    }

    private static Bind bind(String portal, String statement, String... values) {
        List<byte[]> bytes = new ArrayList<>();
        for (String value : values) {
            bytes.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return new Bind(portal, statement, List.of(), bytes, List.of());
    }

    /** One word a message. */
    static String kinds(List<BackendMessage> messages) {
        List<String> kinds = new ArrayList<>();
        for (BackendMessage message : messages) {
            switch (message) {
                case ParameterStatus status -> {}
                case RowDescription columns -> kinds.add("T");
                case ParameterDescription parameters -> kinds.add("t");
                case DataRow row -> kinds.add("D");
                case CommandComplete complete -> kinds.add(complete.tag());
                case ReadyForQuery ready -> kinds.add("Z:" + ready.status());
                case Report report -> kinds.add((char) report.type() + ":" + report.sqlState());
                case Signal signal -> kinds.add(String.valueOf((char) signal.type()));
                default -> kinds.add(message.getClass().getSimpleName());
            }
        }
        return String.join(" ", kinds);
    }
}
