package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Insight;
import io.countersign.api.Insight.Locks;
import io.countersign.api.Insight.NoPlan;
import io.countersign.api.Insight.Plan;
import io.countersign.api.Target;
import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Signal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** While a command waits: its plan, where the policy lets the target be asked, and what its transaction has locked. */
class AnApproverSeesWhatTheTargetSaysTest extends GatewayTest {

    @BeforeEach
    void everythingWithAMarkIsHeld() {
        TARGET.run("ANALYZE orders", "CREATE SCHEMA risky");
        gateway.policy.rule = command ->
                command.content().text().contains("/* held") && command.phase() == Command.Phase.RUN
                        ? Policy.hold(true)
                        : Policy.PERMIT;
    }

    @AfterEach
    void nothingOfItStays() {
        TARGET.run("DROP SCHEMA risky CASCADE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=0", "binaryTransfer=true"})
    void thePlanWithTheRowsThatWouldChange(String mode) throws Exception {
        try (Connection connection = gateway.connect(mode)) {
            CompletableFuture<Integer> deleted = later(() -> delete(connection, 7));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen()).singleElement().isInstanceOfSatisfying(Plan.class, plan -> {
                assertThat(plan.changed()).isEqualTo(OptionalLong.of(1));
                assertThat(plan.steps().getFirst()).startsWith("Delete on orders");
                assertThat(plan.steps()).anyMatch(step -> step.contains("Scan on orders"));
                assertThat(plan.steps()).anyMatch(step -> step.contains("(id = 7)"));
            });
            assertThat(orders()).isEqualTo("2");
            gateway.release(held, Policy.PERMIT);
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(value(connection, "SHOW statement_timeout")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM orders /* held */                                   |   | 2 | Seq Scan on orders",
                "WITH o AS (SELECT 8 AS id) UPDATE orders SET item = 'x' FROM o WHERE orders.id = o.id /* held */ | 1 | 0 | Update on orders",
                "INSERT INTO orders SELECT id + 10, item FROM orders /* held */    | 2 | 0 | Insert on orders",
                "MERGE INTO orders o USING (SELECT 7 AS id) n ON o.id = n.id WHEN MATCHED THEN DELETE /* held */ | 1 | 0 | Merge on orders",
                "DELETE FROM orders AS \"o (about 0 rows)\" WHERE true RETURNING id /* held */ | 2 | 2 | Delete on orders o"
            })
    void ofEveryKindThatHasOne(String sql, Long changed, long answered, String first) throws Exception {
        try (Connection connection = gateway.connect()) {
            CompletableFuture<Void> ran = later(() -> run(connection, sql));
            Command held = gateway.awaitHeld(sql.substring(0, 4));
            assertThat(seen()).singleElement().isInstanceOfSatisfying(Plan.class, plan -> {
                assertThat(plan.changed()).isEqualTo(changed == null ? OptionalLong.empty() : OptionalLong.of(changed));
                assertThat(plan.answered()).isEqualTo(answered);
                assertThat(plan.steps().getFirst()).startsWith(first);
            });
            assertThat(TARGET.ask("SELECT string_agg(item, ' ' ORDER BY id) FROM orders"))
                    .isEqualTo("lamp desk");
            gateway.release(held, Policy.PERMIT);
            ran.get(5, TimeUnit.SECONDS);
        }
    }

    @Test
    void butNoByteOfItReachesATargetThatMustNotBeAsked() throws Exception {
        gateway.policy.rule =
                command -> command.content().text().contains("/* held") ? Policy.hold(false) : Policy.PERMIT;
        try (Connection connection = gateway.connect()) {
            run(connection, "BEGIN");
            later(() -> run(connection, "DELETE FROM orders /* held and unasked */"));
            gateway.awaitHeld("DELETE");
            // Its locks are asked for without it.
            assertThat(seen()).singleElement().isInstanceOf(Locks.class);
            assertThat(TARGET.received("/* held and unasked */")).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "preferQueryMode=extended"})
    void withWhatItsTransactionHasLocked(String mode) throws Exception {
        try (Connection connection = gateway.connect(mode)) {
            connection.setAutoCommit(false);
            run(connection, "UPDATE orders SET item = 'mine' WHERE id = 7");
            CompletableFuture<Integer> deleted = later(() -> delete(connection, 8));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .hasSize(2)
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    Plan.class,
                                    plan -> assertThat(plan.changed()).isEqualTo(OptionalLong.of(1))))
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    Locks.class,
                                    locks -> assertThat(locks.held())
                                            .contains(
                                                    "RowExclusiveLock on table public.orders",
                                                    "ExclusiveLock on transactionid")));
            gateway.release(held, Policy.PERMIT);
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(value(connection, "SHOW transaction_read_only")).isEqualTo("off");
            assertThat(value(connection, "SHOW lock_timeout")).isEqualTo("0");
            connection.commit();
        }
        assertThat(TARGET.ask("SELECT string_agg(item, ' ') FROM orders")).isEqualTo("mine");
    }

    @Test
    void alsoWhereTheTransactionBeginsInTheSamePipeline() throws Exception {
        try (Connection connection = gateway.connect()) {
            connection.setAutoCommit(false);
            CompletableFuture<Integer> deleted = later(() -> delete(connection, 8));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen()).hasAtLeastOneElementOfType(Plan.class);
            gateway.release(held, Policy.PERMIT);
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            connection.rollback();
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void notInAPipelineThatASyncWouldEnd() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            for (String sql : List.of("UPDATE orders SET item = 'x'", "DELETE FROM orders /* held */")) {
                client.send(
                        new Parse("", sql, List.of()),
                        new Bind("", "", List.of(), List.of(), List.of()),
                        new Execute("", 0));
            }
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    NoPlan.class, no -> assertThat(no.reason()).contains("waits in a pipeline")));
            assertThat(TARGET.ask("SELECT count(*) FROM orders WHERE item = 'x'"))
                    .isEqualTo("0");
            gateway.release(held, Policy.PERMIT);
            client.send(Signal.SYNC);
            client.readToReady();
        }
        assertThat(orders()).isEqualTo("0");
    }

    @Test
    void notWhereItWouldFixWhatTheTransactionSees() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ");
            CompletableFuture<Void> deleted = later(() -> run(connection, "DELETE FROM orders /* held */"));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    NoPlan.class, no -> assertThat(no.reason()).contains("as of one moment")));
            TARGET.run("INSERT INTO orders VALUES (9, 'came later')");
            gateway.release(held, Policy.PERMIT);
            deleted.get(5, TimeUnit.SECONDS);
            run(connection, "COMMIT");
        }
        assertThat(orders()).isEqualTo("0");
    }

    /** What is locked is not waited for long, and the client's transaction does not suffer from it. */
    @Test
    void aPlanThatFailsLeavesTheTransactionAsItWas() throws Exception {
        try (Connection other = TARGET.direct();
                Connection connection = gateway.connect("preferQueryMode=simple")) {
            other.setAutoCommit(false);
            run(other, "LOCK TABLE orders");
            run(connection, "BEGIN");
            CompletableFuture<Integer> deleted = later(() -> delete(connection, 7));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    NoPlan.class, no -> assertThat(no.reason()).contains("lock timeout")));
            other.rollback();
            gateway.release(held, Policy.PERMIT);
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            run(connection, "COMMIT");
        }
        assertThat(orders()).isEqualTo("1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"BEGIN", "SELECT 1"})
    void whatIsDecidedMeanwhileComesAfterIt(String before) throws Exception {
        Target direct = gateway.policy.target;
        try (AStop stop = new AStop(TARGET.port(), "EXPLAIN (ANALYZE FALSE")) {
            gateway.policy.target = new Target(
                    direct.name(),
                    direct.protocol(),
                    direct.host(),
                    stop.port(),
                    direct.database(),
                    direct.user(),
                    direct.password(),
                    direct.tls());
            try (Connection connection = gateway.connect("preferQueryMode=simple")) {
                run(connection, before);
                CompletableFuture<Void> deleted =
                        later(() -> run(connection, "DELETE FROM orders WHERE id = 7 /* held " + before + " */"));
                Command held = gateway.awaitHeld("DELETE");
                assertThat(stop.asked.await(5, TimeUnit.SECONDS)).isTrue();
                gateway.release(held, Policy.PERMIT);
                Policy.await(() -> gateway.counters.value(Counter.HELD_NOW) == 0 ? true : null, "the decision");
                assertThat(TARGET.received(": DELETE FROM orders WHERE id = 7 /* held " + before))
                        .isFalse();
                stop.letGo();
                deleted.get(5, TimeUnit.SECONDS);
                assertThat(TARGET.received(": DELETE FROM orders WHERE id = 7 /* held " + before))
                        .isTrue();
                run(connection, before.equals("BEGIN") ? "COMMIT" : before);
            }
        }
        assertThat(orders()).isEqualTo("1");
    }

    /** Of what the transaction itself has made, nobody else knows. */
    @Test
    void norWhatTheTransactionHasJustMade() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            run(connection, "BEGIN");
            run(connection, "CREATE FUNCTION risky.f(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'");
            run(connection, "CREATE RULE r AS ON DELETE TO orders DO ALSO SELECT risky.f(1)");
            later(() -> run(connection, "DELETE FROM orders /* held, just made */"));
            gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .anySatisfy(one -> assertThat(one)
                            .isInstanceOfSatisfying(
                                    NoPlan.class, no -> assertThat(no.reason()).contains("orders has rules")));
            assertThat(TARGET.received("/* held, just made */")).isFalse();
        }
    }

    @Test
    void theGatewaysOwnQuestionMeansWhatItSaysWhateverTheSearchPath() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            TARGET.run("CREATE TABLE risky.orders AS SELECT * FROM public.orders", "ANALYZE risky.orders");
            run(connection, "SET search_path TO risky");
            later(() -> run(connection, "DELETE FROM orders /* held */"));
            Command held = gateway.awaitHeld("DELETE");
            assertThat(seen())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Plan.class, plan -> assertThat(plan.changed()).isEqualTo(OptionalLong.of(2)));
            gateway.release(held, Policy.PERMIT);
            Policy.await(() -> TARGET.ask("SELECT count(*) FROM risky.orders").equals("0") ? true : null, "the delete");
            assertThat(value(connection, "SHOW search_path")).isEqualTo("risky");
        }
        assertThat(orders()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT risky.f(1)               | SELECT 1                                                | not known to be harmless",
                "SELECT * FROM risky.v           | CREATE VIEW risky.v AS SELECT risky.f(1) FROM orders    | v is no table",
                "DELETE FROM orders              | CREATE RULE r AS ON DELETE TO orders DO ALSO SELECT risky.f(1) | orders has rules",
                "SELECT * FROM orders            | ALTER TABLE orders ENABLE ROW LEVEL SECURITY            | row-level security",
                "INSERT INTO orders (id) VALUES (1) | ALTER TABLE orders ALTER item SET DEFAULT risky.f(1)::text | orders uses functions",
                "SELECT * FROM orders            | CREATE INDEX ON orders (id) WHERE id > risky.f(1)       | orders uses functions",
                "SELECT * FROM orders            | ALTER TABLE orders ADD CHECK (id > risky.f(1))          | orders uses functions",
                "SELECT o.g FROM orders o        | CREATE FUNCTION risky.g(orders) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT risky.f(1)' | g may be a function of a row",
                "SELECT lower(item) FROM orders  | CREATE FUNCTION risky.lower(varchar) RETURNS text IMMUTABLE LANGUAGE sql AS 'SELECT risky.f(1)::text' | lower may be another function",
                "SELECT id = id FROM orders      | CREATE OPERATOR risky.<< (FUNCTION = risky.h, LEFTARG = int, RIGHTARG = text) | the operator <<",
                "INSERT INTO risky.t VALUES (1)  | CREATE TABLE risky.t (a int, b risky.d)                 | t uses functions",
                "SELECT * FROM risky.p           | CREATE TABLE risky.p (a int) PARTITION BY RANGE (a); CREATE TABLE risky.p1 PARTITION OF risky.p (CHECK (a > risky.f(1))) FOR VALUES FROM (1) TO (2) | p1 uses functions",
                "SELECT 1; SELECT 2              | SELECT 1                                                | several statements"
            })
    void notWherePlanningMayRunSomebodysCode(String sql, String before, String why) throws Exception {
        TARGET.run(
                "CREATE FUNCTION risky.f(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END'",
                "CREATE FUNCTION risky.h(int, text) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true'",
                "CREATE DOMAIN risky.d AS int DEFAULT risky.f(1)",
                before);
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            later(() -> run(connection, sql + " /* held: " + why + " */"));
            gateway.awaitHeld(sql.substring(0, 6));
            assertThat(seen())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            NoPlan.class, no -> assertThat(no.reason()).contains(why));
            assertThat(TARGET.received("/* held: " + why)).isFalse();
        }
    }

    @Test
    void ofATemporaryTableNobodyElseKnowsAnything() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            run(connection, "CREATE TEMPORARY VIEW orders AS SELECT 1 AS id");
            later(() -> run(connection, "SELECT * FROM orders /* held, temporary */"));
            gateway.awaitHeld("SELECT * FROM orders");
            assertThat(seen())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            NoPlan.class, no -> assertThat(no.reason()).contains("Temporary objects"));
        }
    }

    @Test
    void whatHasNoPlanIsNotAskedFor() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            run(connection, "BEGIN");
            later(() -> run(connection, "COMMENT ON TABLE orders IS 'x' /* held, without a plan */"));
            gateway.awaitHeld("COMMENT");
            assertThat(seen()).singleElement().isInstanceOf(Locks.class);
            assertThat(TARGET.received("/* held, without a plan */")).isFalse();
        }
    }

    private List<Insight> seen() {
        return Policy.await(gateway.policy.insights::poll, "what the target says");
    }

    private static <T> CompletableFuture<T> later(Supplier<T> what) {
        return CompletableFuture.supplyAsync(what, Policy.THREADS);
    }

    private static CompletableFuture<Void> later(Runnable what) {
        return CompletableFuture.runAsync(what, Policy.THREADS);
    }

    private static int delete(Connection connection, int id) {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id = ? /* held */")) {
            delete.setInt(1, id);
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(Connection connection, String sql) {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (var rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
