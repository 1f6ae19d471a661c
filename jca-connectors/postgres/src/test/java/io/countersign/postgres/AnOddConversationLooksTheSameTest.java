package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Target;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.CopyFail;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What clients seldom say is answered through the gateway, message by message, as past it (54.2). */
class AnOddConversationLooksTheSameTest extends GatewayTest {

    /** @param cycles messages that are sent together, each up to one ReadyForQuery */
    record Conversation(String name, List<List<FrontendMessage>> cycles) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final FrontendMessage[] NONE = {};

    static List<Conversation> conversations() {
        return List.of(
                of(
                        "a portal outlives a savepoint",
                        q("BEGIN"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        q("SAVEPOINT a"),
                        q("SELECT 1/0"),
                        q("ROLLBACK TO a"),
                        s(e("c", 2)),
                        q("COMMIT"),
                        s(e("c", 2))),
                of(
                        "a portal outlives a savepoint, failed in a pipeline",
                        q("BEGIN"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        s(p("", "SAVEPOINT a"), b("", ""), e("", 0)),
                        s(p("", "SELECT 1/0"), b("", ""), e("", 0)),
                        s(p("", "ROLLBACK TO SAVEPOINT a"), b("", ""), e("", 0)),
                        s(e("c", 2)),
                        q("COMMIT")),
                of(
                        "a portal outlives a savepoint, though the rest of its pipeline does not",
                        q("BEGIN"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        q("SAVEPOINT a"),
                        List.of(p("", "SELECT 1/0"), b("", ""), e("", 0), Signal.FLUSH),
                        s(),
                        q("ROLLBACK TO a"),
                        s(e("c", 2)),
                        q("COMMIT")),
                of(
                        "a portal after a savepoint that is released",
                        q("BEGIN"),
                        s(p("", "SAVEPOINT a"), b("", ""), e("", 0), p("", "SAVEPOINT b"), b("", ""), e("", 0)),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        q("RELEASE b"),
                        q("SAVEPOINT b"),
                        q("ROLLBACK TO b"),
                        s(e("c", 2)),
                        q("ROLLBACK TO a"),
                        s(e("c", 2)),
                        q("ROLLBACK")),
                of(
                        "a portal goes with its savepoint",
                        q("BEGIN"),
                        q("SAVEPOINT a"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        q("ROLLBACK TO a"),
                        s(e("c", 2)),
                        q("ROLLBACK")),
                of(
                        "a portal goes with its transaction",
                        q("BEGIN"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 2)),
                        q("SELECT 1/0"),
                        s(e("c", 2)),
                        q("ROLLBACK"),
                        s(e("c", 2))),
                of(
                        "a portal's rows come in parts",
                        s(
                                p("", "SELECT g FROM generate_series(1, 7) g"),
                                b("c", ""),
                                d('P', "c"),
                                e("c", 2),
                                e("c", 2),
                                e("c", 0),
                                e("c", 0),
                                d('P', "c"),
                                c('P', "c"),
                                e("c", 1))),
                of(
                        "parts of two portals",
                        q("BEGIN"),
                        s(
                                p("a", "SELECT g FROM generate_series(1, 3) g"),
                                b("x", "a"),
                                b("y", "a"),
                                e("x", 1),
                                e("y", 2)),
                        s(e("x", 1), e("y", 2), e("x", 9), e("y", 9)),
                        q("COMMIT")),
                of(
                        "a Bind that fails makes no portal",
                        q("BEGIN"),
                        q("SAVEPOINT a"),
                        s(p("", "SELECT $1::int"), b("c", "", "nonsense")),
                        q("ROLLBACK TO a"),
                        s(e("c", 0)),
                        q("ROLLBACK")),
                of(
                        "a cursor is a portal",
                        q("BEGIN"),
                        q("DECLARE c CURSOR FOR SELECT g FROM generate_series(1, 5) g"),
                        s(d('P', "c")),
                        q("FETCH 2 FROM c"),
                        q("CLOSE c"),
                        s(d('P', "c")),
                        q("ROLLBACK")),
                of(
                        "a portal is a cursor",
                        q("BEGIN"),
                        s(p("", "SELECT g FROM generate_series(1, 5) g"), b("c", ""), e("c", 1)),
                        q("FETCH 2 FROM c"),
                        q("MOVE 1 FROM c"),
                        s(e("c", 0)),
                        q("CLOSE c"),
                        s(e("c", 0)),
                        q("ROLLBACK")),
                of(
                        "a name that is taken",
                        q("BEGIN"),
                        s(p("", "SELECT 1"), b("c", ""), b("c", "")),
                        q("ROLLBACK"),
                        s(p("", "SELECT 1"), b("", ""), b("", ""), e("", 0), p("s", "SELECT 2"), p("s", "SELECT 3"))),
                of(
                        "a message with an error in the middle",
                        q("INSERT INTO orders VALUES (20, 'a'); SELECT 1/0; INSERT INTO orders VALUES (21, 'b')"),
                        q("SELECT count(*) FROM orders"),
                        q("INSERT INTO orders VALUES (20, 'a'); COMMIT; SELECT 1/0"),
                        q("SELECT count(*) FROM orders"),
                        q("BEGIN; INSERT INTO orders VALUES (22, 'a'); SELECT 1/0; COMMIT"),
                        q("SELECT 1"),
                        q(""),
                        s(p("", ""), b("", ""), d('P', ""), e("", 0)),
                        q("COMMIT"),
                        q("SELECT count(*) FROM orders")),
                of(
                        "a pipeline is one transaction unless it says otherwise",
                        s(
                                p("", "INSERT INTO orders VALUES (30, 'a')"),
                                d('S', ""),
                                b("", ""),
                                d('P', ""),
                                e("", 0),
                                p("", "SELECT 1/0"),
                                b("", ""),
                                e("", 0)),
                        q("SELECT count(*) FROM orders"),
                        s(
                                p("", "BEGIN"),
                                b("", ""),
                                e("", 0),
                                p("", "INSERT INTO orders VALUES (31, 'a')"),
                                b("", ""),
                                e("", 0),
                                p("", "COMMIT"),
                                b("", ""),
                                e("", 0),
                                p("", "SELECT 1/0"),
                                b("", ""),
                                e("", 0)),
                        q("SELECT count(*) FROM orders")),
                of(
                        "nothing at all",
                        q(""),
                        q(";"),
                        q("/* */ ; -- x"),
                        s(),
                        s(Signal.FLUSH),
                        s(p("e", ""), d('S', "e"), b("", "e"), d('P', ""), e("", 0), e("", 0)),
                        s(p("", "SELECT"), b("", ""), d('P', ""), e("", 0))),
                of(
                        "what is closed twice or was never there",
                        s(c('S', "none"), c('P', "none"), c('S', ""), c('P', "")),
                        s(d('S', "none")),
                        s(d('P', "none")),
                        s(b("", "none")),
                        s(e("none", 0)),
                        s(p("x", "SELECT 1"), c('S', "x"), b("", "x"))),
                of(
                        "more than one statement in a Parse",
                        s(p("", "SELECT 1; SELECT 2"), b("", ""), e("", 0)),
                        s(p("", "SELECT 1;"), b("", ""), e("", 0))),
                of(
                        "values that do not fit",
                        s(p("", "SELECT $1::int, $2::text"), b("", "", "1"), e("", 0)),
                        s(p("", "SELECT $1::int"), b("", "", "1", "2"), e("", 0)),
                        s(new Parse("", "SELECT $1", List.of(25)), b("", "", "a"), d('P', ""), e("", 0)),
                        s(p("", "SELECT $2::int"), d('S', "")),
                        s(p("t", "SELECT $1"), d('S', "t"))),
                of(
                        "an error, and then everything up to Sync",
                        s(
                                p("", "SELECT 1/0"),
                                b("", ""),
                                e("", 0),
                                new Query("SELECT 'skipped'"),
                                c('S', "x"),
                                Signal.FLUSH,
                                data("skipped"),
                                Signal.COPY_DONE),
                        q("SELECT 2")),
                of(
                        "COPY in",
                        copy("COPY orders FROM STDIN", data("40\ta\n4"), data("1\tb\n"), Signal.COPY_DONE),
                        copy("COPY orders FROM STDIN", data("42\ta\n"), new CopyFail("changed my mind")),
                        copy("COPY orders FROM STDIN", data("not a number\ta\n"), data("x"), Signal.COPY_DONE),
                        copy("COPY orders FROM STDIN", Signal.COPY_DONE),
                        copy("COPY orders FROM STDIN", Signal.FLUSH, Signal.SYNC, data("43\ta\n"), Signal.COPY_DONE),
                        copy(
                                "SELECT 1; COPY orders FROM STDIN; SELECT count(*) FROM orders",
                                data("44\ta\n"),
                                Signal.COPY_DONE),
                        s(p("", "COPY orders FROM STDIN"), b("", ""), e("", 0), data("45\ta\n"), Signal.COPY_DONE),
                        s(p("", "COPY orders FROM STDIN"), b("", ""), e("", 0), new CopyFail("no")),
                        s(
                                p("", "COPY orders FROM STDIN"),
                                b("", ""),
                                e("", 0),
                                data("x\n"),
                                data("y"),
                                Signal.COPY_DONE),
                        q("SELECT id FROM orders ORDER BY id")),
                of(
                        "COPY out",
                        q("COPY orders TO STDOUT"),
                        q("COPY orders TO STDOUT (FORMAT binary)"),
                        q("COPY (SELECT 1/(8-id) FROM orders ORDER BY id) TO STDOUT"),
                        q("COPY orders TO STDOUT; SELECT 1"),
                        s(p("", "COPY orders TO STDOUT"), b("", ""), d('P', ""), e("", 1)),
                        s(p("", "COPY orders TO STDOUT"), b("", ""), e("", 0), p("", "SELECT 1"), b("", ""), e("", 0))),
                of(
                        "names that SQL makes and takes",
                        q("PREPARE a AS SELECT $1::int"),
                        s(d('S', "a"), b("", "a", "1"), e("", 0)),
                        q("DEALLOCATE ALL"),
                        s(b("", "a", "1")),
                        s(p("a", "SELECT 1")),
                        q("EXECUTE a"),
                        q("DISCARD ALL"),
                        s(b("", "a")),
                        s(p("", "PREPARE d AS SELECT 5"), b("", ""), e("", 0), b("", "d"), e("", 0)),
                        s(p("", "DEALLOCATE d"), b("", ""), e("", 0), b("", "d"), e("", 0))),
                of(
                        "what comes unasked",
                        q("LISTEN news"),
                        q("NOTIFY news, 'hello'"),
                        q("BEGIN; NOTIFY news, 'later'"),
                        q("COMMIT"),
                        s(p("", "NOTIFY news, 'again'"), b("", ""), e("", 0)),
                        q("DO $$ BEGIN RAISE NOTICE 'so %', 1; RAISE WARNING 'w'; END $$"),
                        q("ROLLBACK"),
                        q("SET application_name = 'odd'"),
                        q("SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'"),
                        q("BEGIN; SET LOCAL TimeZone = 'UTC'"),
                        q("ROLLBACK"),
                        q("UNLISTEN *")),
                of(
                        "transactions",
                        q("BEGIN"),
                        q("COMMIT AND CHAIN"),
                        q("SELECT 1/0"),
                        q("ROLLBACK AND CHAIN"),
                        q("SAVEPOINT a; SAVEPOINT b"),
                        q("RELEASE a"),
                        q("ROLLBACK TO b"),
                        q("ROLLBACK"),
                        q("COMMIT"),
                        s(p("", "BEGIN"), b("", ""), e("", 0), p("", "SELECT 1/0"), b("", ""), e("", 0)),
                        s(p("", "COMMIT"), b("", ""), e("", 0)),
                        q("SELECT 1")),
                of(
                        "a statement time-out",
                        q("SET statement_timeout = 20"),
                        q("SELECT pg_sleep(5)"),
                        s(p("", "SELECT pg_sleep(5)"), b("", ""), e("", 0), p("", "SELECT 1"), b("", ""), e("", 0)),
                        q("SET statement_timeout = 0"),
                        q("SELECT 1")),
                of(
                        "functions called by their numbers",
                        List.of(f(715, "77001")),
                        List.of(f(715, "77001")),
                        q("BEGIN"),
                        List.of(f(952, "77001", "393216")),
                        List.of(f(955, "0", "a lamp")),
                        List.of(f(955, "0", "\\x00")),
                        List.of(f(956, "0", "0", "0")),
                        List.of(f(954, "0", "100")),
                        List.of(f(953, "0")),
                        List.of(f(954, "0", "100")),
                        List.of(f(964, "77001")),
                        q("ROLLBACK"),
                        List.of(f(964, "no number")),
                        List.of(f(964)),
                        List.of(f(964, new byte[] {0, 1})),
                        List.of(f(964, (byte[]) null)),
                        List.of(f(954, "0", "100")),
                        List.of(f(964, "77001"))),
                of(
                        "functions called by their numbers in a pipeline",
                        s(
                                p("", "SELECT 1"),
                                b("", ""),
                                e("", 0),
                                p("", "SELECT 1/0"),
                                b("", ""),
                                e("", 0),
                                f(964, "77001")),
                        List.of(p("a", "SELECT 1"), b("c", "a"), e("c", 0), f(964, "77001")),
                        List.of(p("", "SELECT 2"), b("d", ""), d('P', "d"), f(964, "77001")),
                        s(b("", "a"), e("", 0)),
                        List.of(p("", "SELECT 1/0"), b("", ""), e("", 0), f(964, "77001"), Signal.SYNC),
                        q("SELECT 1")),
                of(
                        "binary results and a row without columns",
                        s(
                                p("", "SELECT 1::int8, 'x'::text, NULL, now() IS NULL"),
                                new Bind("", "", List.of(), List.of(), List.of((short) 1)),
                                d('P', ""),
                                e("", 0)),
                        q("SELECT FROM orders"),
                        q("VALUES (1), (2)"),
                        q("TABLE orders")));
    }

    @BeforeAll
    static void makeAUser() {
        TARGET.run("DROP ROLE IF EXISTS by_trust", "CREATE ROLE by_trust LOGIN SUPERUSER");
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void as(Conversation conversation) throws Exception {
        gateway.policy.target = TARGET.as("by_trust", "not asked for", new Target.Tls.Off());
        List<String> through = new ArrayList<>();
        List<String> past = new ArrayList<>();
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            for (List<FrontendMessage> cycle : conversation.cycles) {
                through.add(answer(client, cycle));
            }
        }
        TARGET.run("DELETE FROM orders", "INSERT INTO orders VALUES (7, 'lamp'), (8, 'desk')");
        try (RawClient client = new RawClient(TARGET.port())) {
            client.signInTrusted("by_trust");
            for (List<FrontendMessage> cycle : conversation.cycles) {
                past.add(answer(client, cycle));
            }
        }
        assertThat(through).isEqualTo(past);
    }

    /** Up to ReadyForQuery; where only a Flush asks, up to the error that it brings. */
    private static String answer(RawClient client, List<FrontendMessage> cycle) throws IOException {
        client.send(cycle.toArray(NONE));
        if (cycle.getLast() != Signal.FLUSH) {
            return kinds(client.readToReady());
        }
        List<BackendMessage> messages = new ArrayList<>();
        do {
            messages.add(client.read());
        } while (!(messages.getLast() instanceof Report report && report.type() == Report.ERROR));
        return kinds(messages);
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // Only read, as List.of promises.
    private static Conversation of(String name, List<FrontendMessage>... cycles) {
        return new Conversation(name, List.of(cycles));
    }

    private static List<FrontendMessage> q(String text) {
        return List.of(new Query(text));
    }

    private static List<FrontendMessage> s(FrontendMessage... messages) {
        List<FrontendMessage> cycle = new ArrayList<>(List.of(messages));
        cycle.add(Signal.SYNC);
        return cycle;
    }

    private static List<FrontendMessage> copy(String text, FrontendMessage... messages) {
        List<FrontendMessage> cycle = new ArrayList<>(List.of(messages));
        cycle.addFirst(new Query(text));
        return cycle;
    }

    private static FrontendMessage data(String text) {
        return new Opaque(Opaque.COPY_DATA, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Parse p(String name, String text) {
        return new Parse(name, text, List.of());
    }

    private static Bind b(String portal, String statement, String... values) {
        List<byte[]> bytes = new ArrayList<>();
        for (String value : values) {
            bytes.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return new Bind(portal, statement, List.of(), bytes, List.of());
    }

    private static FunctionCall f(int function, String... values) {
        return new FunctionCall(
                function,
                List.of(),
                Stream.of(values)
                        .map(value -> value.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                (short) 0);
    }

    private static FunctionCall f(int function, byte[] binary) {
        return new FunctionCall(function, List.of((short) 1), Collections.singletonList(binary), (short) 1);
    }

    private static Describe d(char kind, String name) {
        return new Describe(kind == 'S' ? Kind.STATEMENT : Kind.PORTAL, name);
    }

    private static Close c(char kind, String name) {
        return new Close(kind == 'S' ? Kind.STATEMENT : Kind.PORTAL, name);
    }

    private static Execute e(String portal, int most) {
        return new Execute(portal, most);
    }
}
