package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Command;
import io.countersign.api.Digest;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.core.Counters.Counter;
import java.io.BufferedReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;

class AHeldCommandWaitsTest extends GatewayTest {

    @BeforeEach
    void deletesAreHeld() {
        gateway.policy.rule = command ->
                command.content().text().startsWith("DELETE") && command.phase() == Command.Phase.RUN
                        ? Policy.hold()
                        : Policy.PERMIT;
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=simple", "prepareThreshold=0", "prepareThreshold=5"})
    void untilItIsApprovedAndThenRunsByteForByte(String mode) throws Exception {
        try (Connection connection = gateway.connect(mode)) {
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            Command held = gateway.awaitHeld("DELETE");
            assertThat(orders()).isEqualTo("2");
            assertThat(gateway.release(held, Policy.PERMIT)).isTrue();
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            assertThat(orders()).isEqualTo("1");
            assertThat(gateway.release(held, Policy.PERMIT)).isFalse();
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(gateway.counters.value(Counter.HELD_NOW)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "preferQueryMode=simple,   REJECTED,    42501",
        "preferQueryMode=extended, REJECTED,    42501",
        "preferQueryMode=simple,   EXPIRED,     57014",
        "preferQueryMode=extended, WITHDRAWN,   57014",
        "preferQueryMode=extended, UNAVAILABLE, 57P03"
    })
    void untilItIsRefused(String mode, Verdict.Cause cause, String sqlState) throws Exception {
        try (Connection connection = gateway.connect(mode)) {
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            Command held = gateway.awaitHeld("DELETE");
            assertThat(gateway.release(held, Policy.refuse(cause))).isTrue();
            assertThatThrownBy(() -> deleted.get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            PSQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void andTheClientIsToldAtOnceWhatItWaitsFor() throws Exception {
        Process psql = gateway.startPsql("-c", "DELETE FROM orders");
        BufferedReader printed = psql.inputReader();
        assertThat(List.of(printed.readLine(), printed.readLine(), printed.readLine()))
                .containsExactly(
                        "NOTICE:  00000: held for approval, request 4711, http://console.test/requests/4711",
                        "DETAIL:  deletes are held (shop.yaml:7) Open until 2030-01-01T00:00:00Z.",
                        "HINT:  It runs as soon as somebody else approves it. Cancel (Ctrl-C) to withdraw it.");
        gateway.release(gateway.awaitHeld("DELETE"), Policy.refuse(Verdict.Cause.REJECTED));
        assertThat(printed.lines().toList()).anyMatch(line -> line.startsWith("ERROR:  42501"));
    }

    @Test
    void anApprovalOfOtherBytesDoesNotReleaseIt() throws Exception {
        try (Connection connection = gateway.connect()) {
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            Command held = gateway.awaitHeld("DELETE");
            gateway.port
                    .sessions()
                    .release(held.session().id(), held.number(), Digest.of(new byte[] {1}), Policy.PERMIT);
            assertThatThrownBy(() -> deleted.get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("What was approved is not what would run now");
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void cancellingWithdrawsIt() throws Exception {
        try (Connection connection = gateway.connect();
                Statement statement = connection.createStatement()) {
            gateway.policy.onWithdraw = () -> gateway.release(
                    gateway.policy.awaitCommand(
                            command -> command.content().text().startsWith("DELETE")),
                    Policy.refuse(Verdict.Cause.WITHDRAWN));
            CompletableFuture<Integer> deleted = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return statement.executeUpdate("DELETE FROM orders");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Policy.THREADS);
            gateway.awaitHeld("DELETE");
            statement.cancel();
            assertThatThrownBy(() -> deleted.get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .isInstanceOfSatisfying(
                            PSQLException.class,
                            e -> assertThat(e.getSQLState()).isEqualTo("57014"));
            assertThat(gateway.policy.withdrawn).hasSize(1);
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void cancellingARunningOneReachesTheTarget() throws Exception {
        try (Connection connection = gateway.connect();
                Statement statement = connection.createStatement()) {
            CompletableFuture<Boolean> slept = CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return statement.execute("SELECT pg_sleep(30)");
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    Policy.THREADS);
            Policy.await(
                    () -> TARGET.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%'"
                                            + " AND state = 'active' AND pid <> pg_backend_pid()")
                                    .equals("1")
                            ? true
                            : null,
                    "the sleep");
            statement.cancel();
            assertThatThrownBy(() -> slept.get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("canceling statement due to user request");
        }
    }

    @Test
    void aClientThatGoesAbandonsIt() throws Exception {
        Process psql = gateway.startPsql("-c", "DELETE FROM orders");
        Command held = gateway.awaitHeld("DELETE");
        psql.destroyForcibly();
        // A process that is killed with something unread leaves a reset behind rather than an end.
        assertThat(Policy.await(gateway.policy.closings::peek, "the end"))
                .isIn("the client disconnected", "the client's connection broke: Connection reset");
        assertThat(gateway.release(held, Policy.PERMIT)).isFalse();
        assertThat(gateway.counters.value(Counter.HELD_NOW)).isZero();
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void insideATransactionARejectionFailsIt() throws Exception {
        try (Connection connection = gateway.connect()) {
            connection.setAutoCommit(false);
            connection.createStatement().executeUpdate("UPDATE orders SET item = 'gone'");
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            Command held = gateway.awaitHeld("DELETE");
            assertThat(held.state()).containsEntry("transaction", "T");
            gateway.release(held, Policy.refuse(Verdict.Cause.REJECTED));
            assertThatThrownBy(() -> deleted.get(5, TimeUnit.SECONDS))
                    .rootCause()
                    .hasMessageContaining("Tables are never dropped here");
            assertThatThrownBy(() -> connection.createStatement().execute("SELECT 1"))
                    .hasMessageContaining("current transaction is aborted");
            connection.rollback();
        }
        assertThat(TARGET.ask("SELECT count(*) FROM orders WHERE item = 'gone'"))
                .isEqualTo("0");
    }

    @Test
    void theFirstStatementOfATransactionIsJudgedAsPartOfIt() throws Exception {
        try (Connection connection = gateway.connect()) {
            connection.setAutoCommit(false);
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            Command held = gateway.awaitHeld("DELETE");
            // BEGIN travels in the same pipeline and has no answer yet.
            assertThat(held.state()).containsEntry("transaction", "T");
            gateway.release(held, Policy.PERMIT);
            assertThat(deleted.get(5, TimeUnit.SECONDS)).isEqualTo(1);
            connection.rollback();
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void endingTheSessionTellsTheClientWhy() throws Exception {
        Process psql = gateway.startPsql("-c", "DELETE FROM orders");
        Command held = gateway.awaitHeld("DELETE");
        gateway.port.sessions().end(held.session().id(), "ended by an administrator: lunch");
        assertThat(psql.inputReader().lines().toList())
                .anyMatch(line -> line.contains("FATAL:  57P01: ended by an administrator: lunch"));
        assertThat(gateway.release(held, Policy.PERMIT)).isFalse();
    }

    @Test
    void outcomesAreToldOnceForEachForwardedCommand() throws Exception {
        try (Connection connection = gateway.connect("preferQueryMode=simple")) {
            CompletableFuture<Integer> deleted =
                    CompletableFuture.supplyAsync(() -> delete(connection, 7), Policy.THREADS);
            gateway.release(gateway.awaitHeld("DELETE"), Policy.PERMIT);
            deleted.get(5, TimeUnit.SECONDS);
        }
        Policy.await(gateway.policy.closings::peek, "the end");
        Outcome outcome = gateway.policy.awaitOutcome(one -> one.detail().startsWith("DELETE"));
        assertThat(outcome.detail()).isEqualTo("DELETE 1");
        assertThat(outcome.rows()).isEqualTo(1);
        assertThat(gateway.policy.outcomes.stream().map(Outcome::command)).doesNotHaveDuplicates();
    }

    private static int delete(Connection connection, int id) {
        try (PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id = ?")) {
            delete.setInt(1, id);
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
