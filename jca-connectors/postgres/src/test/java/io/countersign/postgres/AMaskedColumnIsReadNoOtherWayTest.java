package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/** {@code mask-evasions.txt} has the attempts; they share one server, one gateway and a connection for each form. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AMaskedColumnIsReadNoOtherWayTest {

    /** Whatever shows one of these, whole or in part, tells what it must not. */
    private static final List<String> SECRETS = List.of(
            "4111-1111",
            "41111111",
            "5555555555554444",
            "555555555555",
            "ann@example.com",
            "7391",
            "34313131",
            "35353535",
            "1111-1114");

    private static final TargetServer TARGET = TargetServer.running();

    private final GatewayUnderTest gateway = new GatewayUnderTest();
    private Connection text;
    private Connection binary;

    record Attempt(String sql, List<String> expected) {

        @Override
        public String toString() {
            return sql;
        }
    }

    @BeforeAll
    void customersHaveCards() throws SQLException {
        TARGET.run(
                "DROP SCHEMA IF EXISTS bank, vault CASCADE",
                "CREATE SCHEMA vault",
                "CREATE SCHEMA bank",
                "CREATE EXTENSION hstore SCHEMA bank",
                "CREATE TABLE bank.customers (id int PRIMARY KEY, name text, card text, pin int, note text, photo"
                        + " bytea, CHECK (id > 0))",
                "INSERT INTO bank.customers VALUES"
                        + " (1, 'Ann', '4111-1111-1111-1111', 7391, 'ann@example.com', '5555555555554444'),"
                        + " (2, 'Bob', NULL, NULL, 'nothing', NULL)",
                "CREATE TABLE bank.payments (id int PRIMARY KEY, customer int, card text, amount int)",
                "INSERT INTO bank.payments VALUES (10, 1, '4111-1111-1111-1111', 5)",
                "CREATE VIEW bank.seen AS SELECT id, name, upper(card) AS seen, card AS plain FROM bank.customers",
                "CREATE VIEW bank.swapped AS SELECT id, card AS name, name AS note FROM bank.customers",
                "CREATE VIEW bank.pinned AS SELECT id, pin AS card FROM bank.customers",
                "CREATE VIEW bank.further AS SELECT s.id, s.name AS title, s.note FROM bank.swapped s",
                "CREATE VIEW bank.summed (name, n) AS SELECT max(card), count(*) FROM bank.customers GROUP BY id",
                "CREATE VIEW bank.grouped AS SELECT card AS name, count(*) AS n FROM bank.customers GROUP BY card",
                "CREATE VIEW bank.either AS SELECT id, name FROM bank.customers UNION ALL SELECT id, card FROM bank.customers",
                "CREATE VIEW bank.derived AS WITH x AS (SELECT id, card AS name FROM bank.customers)"
                        + " SELECT y.id, y.name FROM (SELECT * FROM x) y",
                "CREATE RECURSIVE VIEW bank.counted (n, name) AS SELECT 1, card FROM bank.customers"
                        + " UNION ALL SELECT n + 1, name FROM counted WHERE n < 2",
                "CREATE VIEW bank.joined AS SELECT p.id, p.amount, c.name, p.card AS other"
                        + " FROM bank.customers c JOIN bank.payments p ON p.customer = c.id",
                "CREATE VIEW bank.wholes AS SELECT c.id, c AS name FROM bank.customers c",
                "CREATE VIEW bank.inner_one AS SELECT id, (SELECT card FROM bank.customers z WHERE z.id = p.customer) AS name"
                        + " FROM bank.payments p",
                "CREATE VIEW bank.odd AS SELECT card AS \":expr\", name AS \":resno\", id FROM bank.customers",
                "CREATE FUNCTION bank.card_of(int) RETURNS text LANGUAGE sql"
                        + " AS 'SELECT card FROM bank.customers WHERE id = $1'",
                "CREATE FUNCTION bank.whole(bank.customers) RETURNS text LANGUAGE sql AS 'SELECT $1::text'",
                "CREATE FUNCTION bank.shout(int) RETURNS int LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE NOTICE 'card %', bank.card_of($1); RETURN $1; END $$",
                "CREATE VIEW bank.told AS SELECT id, bank.card_of(customer) AS name, upper('x') AS x FROM bank.payments",
                "CREATE VIEW bank.guessed AS SELECT tablename, most_common_vals::text AS vals, histogram_bounds::text"
                        + " AS bounds FROM pg_stats WHERE schemaname = 'bank'",
                "CREATE VIEW bank.running AS SELECT datname FROM pg_stat_activity WHERE pid = pg_backend_pid()",
                "CREATE MATERIALIZED VIEW bank.kept AS SELECT id, card AS name FROM bank.customers",
                "CREATE TABLE bank.kept_by_year (id int, pin int) PARTITION BY LIST (id)",
                "CREATE TABLE vault.year_1 PARTITION OF bank.kept_by_year FOR VALUES IN (1)",
                "INSERT INTO bank.kept_by_year VALUES (1, 7391)",
                "CREATE TABLE vault.base (id int, pin int)",
                "CREATE TABLE bank.heir () INHERITS (vault.base)",
                "INSERT INTO bank.heir VALUES (1, 7391)",
                "CREATE VIEW vault.parted AS SELECT id, pin AS name FROM vault.year_1",
                "CREATE FUNCTION vault.secret() RETURNS text LANGUAGE sql IMMUTABLE"
                        + " AS 'SELECT card FROM bank.customers WHERE id = 1'",
                "CREATE TABLE bank.made (id int, pin int, more int GENERATED ALWAYS AS (pin * 1) VIRTUAL,"
                        + " less int GENERATED ALWAYS AS (pin * 1) STORED,"
                        + " other text GENERATED ALWAYS AS (vault.secret()) STORED, same int GENERATED ALWAYS AS (id) STORED)",
                "INSERT INTO bank.made VALUES (1, 7391)",
                "CREATE VIEW vault.remade AS SELECT id, more AS x FROM bank.made",
                "CREATE TABLE bank.plain (id int, name text, x text, n int, e text, f bytea)",
                "CREATE TABLE bank.pins (pin int PRIMARY KEY)",
                "CREATE TABLE bank.uses (pin int REFERENCES bank.pins DEFERRABLE INITIALLY DEFERRED)",
                "INSERT INTO bank.pins VALUES (7391)",
                "INSERT INTO bank.uses VALUES (7391)",
                "CREATE FUNCTION bank.tell() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE check_violation USING MESSAGE = 'pin ' || OLD.pin, HINT = OLD.pin, COLUMN = OLD.pin; END $$",
                "CREATE TRIGGER tell BEFORE UPDATE ON bank.uses FOR EACH ROW EXECUTE FUNCTION bank.tell()",
                "CREATE FUNCTION vault.complain() RETURNS int LANGUAGE plpgsql IMMUTABLE AS"
                        + " $$ BEGIN RAISE EXCEPTION 'pin %', (SELECT max(pin) FROM bank.pins); END $$",
                "CREATE FUNCTION vault.hint() RETURNS int LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE NOTICE 'x' USING HINT = vault.secret(), CONSTRAINT = vault.secret(); RETURN 1; END $$",
                "CREATE DOMAIN vault.number AS text",
                "CREATE TABLE bank.numbers (id int, name text, number vault.number)",
                "INSERT INTO bank.numbers VALUES (1, 'Ann', '5555555555554444')",
                "ANALYZE bank.customers");
        Verdict permit = new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(
                new Mask("cards", new Selector.Column("bank.*", "card"), Way.KEEP_LAST_4),
                new Mask("pins", new Selector.Column("bank.*", "pin"), Way.REDACT),
                new Mask("found", new Selector.Detected(Set.of(Detector.PAYMENT_CARD, Detector.EMAIL)), Way.REDACT)))));
        gateway.policy.rule = command -> permit;
        text = gateway.connect("preferQueryMode=simple");
        binary = gateway.connect("prepareThreshold=-1");
        for (Connection connection : List.of(text, binary)) {
            connection.createStatement().execute("SET search_path = bank");
        }
    }

    @AfterAll
    void away() throws SQLException {
        text.close();
        binary.close();
        gateway.close();
        TARGET.run("DROP SCHEMA bank, vault CASCADE");
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void neitherIsWhatItSays(Attempt attempt) throws Exception {
        assertThat(shown(text, attempt.sql)).isEqualTo(attempt.expected).noneMatch(this::tells);
    }

    @ParameterizedTest
    @MethodSource("attempts")
    void norInBinary(Attempt attempt) throws Exception {
        if (!attempt.sql.contains(";")) {
            assertThat(shown(binary, attempt.sql)).noneMatch(this::tells);
        }
    }

    @Test
    void andManyWereTried() throws IOException {
        assertThat(attempts()).hasSizeGreaterThan(80);
    }

    private boolean tells(String shown) {
        return SECRETS.stream().anyMatch(shown::contains);
    }

    /** Rows, notices, notifications and the error, line by line. */
    private static List<String> shown(Connection connection, String sql) throws Exception {
        List<String> lines = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            if (sql.startsWith("COPY")) {
                StringWriter out = new StringWriter();
                connection.unwrap(PGConnection.class).getCopyAPI().copyOut(sql, out);
                out.toString().lines().forEach(lines::add);
                return lines;
            }
            boolean rows = statement.execute(sql);
            while (rows || statement.getUpdateCount() >= 0) {
                if (rows) {
                    lines.addAll(rows(statement.getResultSet()));
                }
                rows = statement.getMoreResults();
            }
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                lines.add("NOTICE " + notice.getMessage());
                assertThat(((PSQLWarning) notice).getServerErrorMessage().toString())
                        .doesNotContain(SECRETS);
            }
            for (PGNotification each : connection.unwrap(PGConnection.class).getNotifications()) {
                lines.add("NOTIFY " + each.getName() + " " + each.getParameter());
            }
        } catch (PSQLException e) {
            ServerErrorMessage message = e.getServerErrorMessage();
            if (message != null) {
                assertThat(message.toString()).doesNotContain(SECRETS);
            }
            lines.add("! " + (message == null ? e.getMessage() : message.getMessage())
                    + (message == null
                                    || message.getDetail() == null
                                    || message.getDetail().startsWith("Conditions")
                            ? ""
                            : " / " + message.getDetail()));
        }
        return lines;
    }

    private static List<String> rows(ResultSet rows) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            List<String> values = new ArrayList<>();
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                values.add(String.valueOf(rows.getString(i)));
            }
            lines.add(String.join(" | ", values));
        }
        return lines;
    }

    static List<Attempt> attempts() throws IOException {
        List<Attempt> attempts = new ArrayList<>();
        try (InputStream in = AMaskedColumnIsReadNoOtherWayTest.class.getResourceAsStream("mask-evasions.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("    ")) {
                    attempts.getLast().expected.add(line.substring(4));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    attempts.add(new Attempt(line, new ArrayList<>()));
                }
            }
        }
        return attempts;
    }
}
