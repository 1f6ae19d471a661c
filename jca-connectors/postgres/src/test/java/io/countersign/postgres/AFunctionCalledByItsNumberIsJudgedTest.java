package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Answer;
import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Elsewhere;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.FunctionCallResponse;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.largeobject.LargeObject;
import org.postgresql.largeobject.LargeObjectManager;

/** FunctionCall (54.2.5), by which libpq and drivers reach large objects. */
class AFunctionCalledByItsNumberIsJudgedTest extends SignedInTest {

    private static final String CARD = "card 4111-1111-1111-1111";

    /** INV_WRITE (libpq/libpq-fs.h): psql writes what it imports last. */
    private static final int WRITE = 0x20000;

    @TempDir
    Path folder;

    @AfterEach
    void noLargeObjectStays() {
        TARGET.run("SELECT lo_unlink(oid) FROM pg_largeobject_metadata");
    }

    @Test
    void itsNumberMeansWhatTheServerSays() {
        List<String> ours = new ArrayList<>();
        NumberedFunction.all()
                .forEach(each -> ours.add(each.number() + " " + each.name() + " "
                        + each.arguments().stream().map(String::valueOf).collect(Collectors.joining(" ")) + " "
                        + each.answer()));
        String theirs = TARGET.ask("SELECT string_agg(concat_ws(' ', oid, proname, proargtypes, prorettype), E'\\n')"
                + " FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace"
                + " AND (proname ~ '^lo_' OR proname IN ('loread', 'lowrite'))");
        assertThat(ours).containsExactlyInAnyOrderElementsOf(theirs.lines().toList());
    }

    @Test
    void psqlImportsAndExportsAndUnlinks() throws IOException {
        byte[] picture = new byte[20_000];
        for (int i = 0; i < picture.length; i++) {
            picture[i] = (byte) (i * 31);
        }
        Path file = Files.write(folder.resolve("picture"), picture);
        Path copy = folder.resolve("copy");

        assertThat(gateway.psql("-c", "\\lo_import '" + file + "' 'a picture'")).startsWith("lo_import ");
        String object = TARGET.ask("SELECT max(oid) FROM pg_largeobject_metadata");
        assertThat(gateway.psql("-c", "\\lo_list")).contains(object, "a picture");
        assertThat(gateway.psql("-c", "\\lo_export " + object + " '" + copy + "'"))
                .contains("lo_export");
        assertThat(copy).hasBinaryContent(picture);
        assertThat(gateway.psql("-c", "\\lo_unlink " + object)).contains("lo_unlink " + object);

        assertThat(objects()).isEqualTo("0");
        Command unlink = called("lo_unlink");
        assertThat(unlink.content().text())
                .isEqualTo("SELECT pg_catalog.lo_unlink($1) -- function 964, called by its number");
        assertThat(unlink.content().effects().stream().map(Effect::described))
                .containsExactly("sql:select on nothing", "sql:call on function pg_catalog.lo_unlink");
        assertThat(unlink.phase()).isEqualTo(Command.Phase.RUN);
        assertThat(shown(unlink)).containsExactly("oid " + object);
        assertThat(unlink.inTransaction()).isTrue();
        assertThat(shown(called("lo_open"))).containsExactly("oid " + object, "int4 " + WRITE);
        assertThat(shown(called("loread"))).containsExactly("int4 0", "int4 8192");
        Bind written = called("lowrite").binds().getLast();
        assertThat(written.bytes()).isEqualTo(Arrays.copyOf(picture, 8192));
        assertThat(written.text()).startsWith("\\x001f3e5d");
        Outcome outcome = gateway.policy.awaitOutcome(each -> each.command() == unlink.number()
                && each.session().id().equals(unlink.session().id()));
        assertThat(outcome.detail()).isEqualTo("FUNCTION CALL");
        assertThat(outcome.status()).isEqualTo(Outcome.Status.DONE);
        assertThat(outcome.rows()).isEqualTo(1);
    }

    @Test
    void aDriverReadsAndWritesPartsOfIt() throws Exception {
        try (Connection connection = gateway.connect()) {
            connection.setAutoCommit(false);
            LargeObjectManager manager = connection.unwrap(PGConnection.class).getLargeObjectAPI();
            long number = manager.createLO();
            try (LargeObject object = manager.open(number)) {
                object.write("a lamp and a desk".getBytes(StandardCharsets.UTF_8));
                object.truncate64(6);
                object.seek64(2, LargeObject.SEEK_SET);
                assertThat(new String(object.read(100), StandardCharsets.UTF_8)).isEqualTo("lamp");
                assertThat(object.tell64()).isEqualTo(6);
                assertThat(object.size64()).isEqualTo(6);
            }
            manager.delete(number);
            connection.commit();
        }
        assertThat(gateway.policy.outcomes).allMatch(outcome -> outcome.status() == Outcome.Status.DONE);
    }

    @Test
    void aHeldOneIsCarriedOutOnceItIsApproved() throws Exception {
        TARGET.run("SELECT lo_from_bytea(77001, 'x')");
        gateway.policy.rule = held("lo_unlink");
        Process psql = gateway.startPsql("-c", "\\lo_unlink 77001");
        BufferedReader printed = psql.inputReader();
        assertThat(printed.readLine()).contains("held for approval, request 4711");
        Command held = gateway.awaitHeld("pg_catalog.lo_unlink(");
        assertThat(objects()).isEqualTo("1");

        assertThat(gateway.release(held, Policy.PERMIT)).isTrue();

        assertThat(printed.lines().toList()).contains("lo_unlink 77001");
        assertThat(objects()).isEqualTo("0");
    }

    @Test
    void aHeldOneIsWithdrawnByCancellingAndTheSessionGoesOn() throws Exception {
        gateway.policy.rule = held("lo_create");
        gateway.policy.onWithdraw =
                () -> gateway.release(gateway.awaitHeld("lo_create"), Policy.refuse(Verdict.Cause.WITHDRAWN));
        try (RawClient own = new RawClient(gateway.number());
                RawClient another = new RawClient(gateway.number())) {
            var key = RawClient.key(own.signIn());
            own.send(call(715, 77001), new Query("SELECT 1"));
            assertThat(own.read().toString()).contains("held for approval");
            another.send(new StartupPacket.CancelRequest(key.processId(), key.key()));
            assertThat(kinds(own.readToReady())).isEqualTo("E:57014 Z:IDLE");
            assertThat(kinds(own.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
        }
    }

    @Test
    void aRefusedOneFailsItsTransactionAndNothingElse() throws IOException {
        TARGET.run("SELECT lo_from_bytea(77001, 'x')");
        gateway.policy.rule =
                command -> calls("lo_unlink").test(command) ? Policy.refuse(Verdict.Cause.POLICY) : Policy.PERMIT;
        assertThat(gateway.psql("-c", "\\lo_unlink 77001")).contains("Tables are never dropped here.");
        client.send(
                call(964, 77001), new Query("BEGIN"), call(964, 77001), new Query("SELECT 1"), new Query("ROLLBACK"));
        assertThat(kinds(client.readToReady())).isEqualTo("E:42501 Z:IDLE");
        assertThat(kinds(client.readToReady())).isEqualTo("BEGIN Z:IN_TRANSACTION");
        assertThat(kinds(client.readToReady())).isEqualTo("E:42501 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("E:25P02 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IDLE");
        assertThat(objects()).isEqualTo("1");
    }

    @Test
    void oneWithTooFewArgumentsNeedsNoDecision() throws IOException {
        client.send(call(952, 77001));
        List<BackendMessage> answer = client.readToReady();
        assertThat(((Report) answer.getFirst()).message())
                .isEqualTo("function call message contains 1 arguments but function requires 2");
        assertThat(gateway.policy.judged).isEmpty();
    }

    @Test
    void inTheMiddleOfACopyItBreaksTheProtocol() throws IOException {
        client.send(new Query("COPY orders FROM STDIN"));
        assertThat(client.read()).isInstanceOf(CopyResponse.class);
        client.send(new Opaque(Opaque.COPY_DATA, "70\tchair\n".getBytes(StandardCharsets.UTF_8)), call(715, 77001));
        assertThat(kinds(client.readToEnd())).isEqualTo("E:08P01");
        Policy.await(() -> orders().equals("2") ? true : null, "the copy's end");
        assertThat(objects()).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(shorts = {0, 1})
    void whatADetectorFindsInItsAnswerIsNotAnswered(short format) throws IOException {
        TARGET.run("SELECT lo_from_bytea(77001, '" + CARD + "'), lo_from_bytea(77002, 'a lamp')");
        masks(new Mask(
                "found",
                new Selector.Detected(Set.of(Detector.PAYMENT_CARD)),
                Way.REDACT,
                Optional.empty(),
                Elsewhere.ALLOW));
        client.send(new Query("BEGIN"), new Query("SELECT lo_open(77001, 262144), lo_open(77002, 262144)"));
        client.readToReady();
        client.readToReady();
        FunctionCall plain = read(1, format);
        client.send(plain, read(0, format), new Query("SELECT 1"), new Query("ROLLBACK"));
        FunctionCallResponse lamp = (FunctionCallResponse) client.readToReady().getFirst();
        assertThat(new String(lamp.value(), StandardCharsets.UTF_8))
                .isEqualTo(format == 1 ? "a lamp" : "\\x61206c616d70");
        List<BackendMessage> hidden = client.readToReady();
        assertThat(kinds(hidden)).isEqualTo("E:0A000 Z:FAILED");
        assertThat(hidden.getFirst().toString()).contains("must be masked");
        assertThat(kinds(client.readToReady())).isEqualTo("E:25P02 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IDLE");
        assertThat(recorded()).doesNotContain("4111");
        Command read = gateway.policy.judged.stream()
                .filter(calls("loread"))
                .reduce((first, last) -> last)
                .orElseThrow();
        Outcome outcome = gateway.policy.awaitOutcome(each -> each.command() == read.number());
        assertThat(outcome.status()).isEqualTo(Outcome.Status.FAILED);
    }

    @Test
    void whatMasksHideWhateverItIsIsNotEvenAsked() throws IOException {
        TARGET.run("SELECT lo_from_bytea(77003, '" + CARD + "')");
        masks(new Mask("found", new Selector.Detected(Set.of(Detector.PAYMENT_CARD)), Way.REDACT));
        client.send(new Query("BEGIN"), call(952, 77003, 262144), read(0, (short) 1), new Query("ROLLBACK"));
        client.readToReady();
        // That a large object is open, and as which number, is no data of anybody's.
        assertThat(client.readToReady().getFirst()).isEqualTo(new FunctionCallResponse(new byte[4]));
        assertThat(kinds(client.readToReady())).isEqualTo("E:0A000 Z:FAILED");
        assertThat(kinds(client.readToReady())).isEqualTo("ROLLBACK Z:IDLE");
        client.send(new FunctionCall(3457, List.of((short) 1), List.of(bytes(77004), new byte[1]), (short) 1));
        assertThat(kinds(client.readToReady())).isEqualTo("E:0A000 Z:IDLE");
        assertThat(objects()).isEqualTo("1");
        masks(new Mask("cards", new Selector.Column("public.orders", "item"), Way.REDACT));
        client.send(new FunctionCall(3458, List.of((short) 1), List.of(bytes(77003)), (short) 1));
        assertThat(kinds(client.readToReady())).isEqualTo("E:0A000 Z:IDLE");
    }

    @Test
    void aLongAnswerPassesAsItComes() throws IOException {
        TARGET.run("SELECT lo_from_bytea(77005, convert_to(repeat('a lamp. ', 200000), 'UTF8'))");
        client.send(call(3458, 77005), new Query("SELECT 1"));
        List<BackendMessage> answer = client.readToReady();
        assertThat(((FunctionCallResponse) answer.getFirst()).value())
                .hasSize(1_600_000)
                .endsWith('p', '.', ' ');
        assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
        Outcome outcome = gateway.policy.awaitOutcome(each -> each.command() == 1);
        assertThat(outcome.rows()).isEqualTo(1);
        assertThat(outcome.bytes()).isGreaterThan(1_600_000);
    }

    @Test
    void aReplayShowsWhatWasAskedAndAnswered() throws IOException {
        client.send(call(715, 77001), new FunctionCall(3458, List.of((short) 1), List.of(bytes(77001)), (short) 0));
        client.readToReady();
        client.readToReady();
        List<Answer> replayed = Policy.await(
                () -> {
                    List<Answer> read = Transcript.read(List.copyOf(gateway.policy.frames));
                    return read.stream().filter(Answer.Row.class::isInstance).count() == 2 ? read : null;
                },
                "the recording");
        assertThat(replayed)
                .extracting(answer -> switch (answer) {
                    case Answer.Asked asked -> asked.text();
                    case Answer.Row row -> String.valueOf(row.values());
                    default -> answer.toString();
                })
                .containsSubsequence(
                        "SELECT pg_catalog.lo_create($1) -- function 715, called by its number",
                        "[77001]",
                        "SELECT pg_catalog.lo_get($1) -- function 3458, called by its number",
                        "[\\x]");
    }

    private static String objects() {
        return TARGET.ask("SELECT count(*) FROM pg_largeobject_metadata");
    }

    private Command called(String function) {
        return gateway.policy.awaitCommand(calls(function));
    }

    private static Predicate<Command> calls(String function) {
        return command -> command.content().text().startsWith("SELECT pg_catalog." + function + "(");
    }

    private static java.util.function.Function<Command, Verdict> held(String function) {
        return command -> calls(function).test(command) ? Policy.hold() : Policy.PERMIT;
    }

    private void masks(Mask mask) {
        gateway.policy.rule = command -> new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(mask))));
    }

    private static List<String> shown(Command command) {
        return command.binds().stream()
                .map(bind -> bind.type() + " " + bind.text())
                .toList();
    }

    private String recorded() {
        StringBuilder all = new StringBuilder();
        gateway.policy.frames.forEach(frame -> all.append(new String(frame.bytes(), StandardCharsets.ISO_8859_1)));
        return all.toString();
    }

    private static FunctionCall read(int descriptor, short format) {
        return new FunctionCall(954, List.of((short) 1), List.of(bytes(descriptor), bytes(1000)), format);
    }

    private static FunctionCall call(int function, int... values) {
        return new FunctionCall(
                function,
                List.of((short) 1),
                Arrays.stream(values)
                        .mapToObj(AFunctionCalledByItsNumberIsJudgedTest::bytes)
                        .toList(),
                (short) 1);
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }
}
