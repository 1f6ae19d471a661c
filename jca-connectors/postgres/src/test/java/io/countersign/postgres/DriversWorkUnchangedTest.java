package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.util.PSQLException;

class DriversWorkUnchangedTest extends GatewayTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=simple",
                "prepareThreshold=0",
                "prepareThreshold=1",
                "prepareThreshold=5",
                "preferQueryMode=extendedCacheEverything",
                "binaryTransfer=false"
            })
    void statementsRunInEveryModeOfTheDriver(String mode) throws SQLException {
        try (Connection connection = gateway.connect(mode)) {
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, ?)")) {
                for (int i = 100; i < 120; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "thing " + i);
                    assertThat(insert.executeUpdate()).isEqualTo(1);
                }
            }
            connection.commit();
            try (PreparedStatement select = connection.prepareStatement("SELECT item FROM orders WHERE id = ?")) {
                for (int i = 100; i < 120; i++) {
                    select.setInt(1, i);
                    try (ResultSet rows = select.executeQuery()) {
                        assertThat(rows.next()).isTrue();
                        assertThat(rows.getString(1)).isEqualTo("thing " + i);
                        assertThat(rows.next()).isFalse();
                    }
                }
            }
            connection.rollback();
        }
        assertThat(orders()).isEqualTo("22");
        assertThat(gateway.policy.outcomes).allMatch(outcome -> outcome.status() == Outcome.Status.DONE);
    }

    @Test
    void everyExecutionIsJudgedWithItsValues() throws SQLException {
        try (Connection connection = gateway.connect("prepareThreshold=2")) {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT item FROM orders WHERE id = ? AND item <> ?")) {
                for (int i = 7; i < 12; i++) {
                    select.setInt(1, i);
                    select.setString(2, "chair " + i);
                    select.executeQuery().close();
                }
            }
        }
        List<Command> selects = gateway.policy.judged.stream()
                .filter(command -> command.phase() == Command.Phase.RUN
                        && command.content().text().startsWith("SELECT item"))
                .toList();
        assertThat(selects).hasSize(5);
        assertThat(selects.stream()
                        .map(command -> command.binds().stream().map(Bind::text).toList()))
                .containsExactly(
                        List.of("7", "chair 7"),
                        List.of("8", "chair 8"),
                        List.of("9", "chair 9"),
                        List.of("10", "chair 10"),
                        List.of("11", "chair 11"));
        assertThat(selects.getFirst().binds().getFirst().type()).isEqualTo("int4");
    }

    @Test
    void batchesRunInOnePipeline() throws SQLException {
        try (Connection connection = gateway.connect()) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, ?)")) {
                for (int i = 1000; i < 1500; i++) {
                    insert.setInt(1, i);
                    insert.setString(2, "thing");
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(500).containsOnly(1);
            }
        }
        assertThat(orders()).isEqualTo("502");
    }

    @Test
    void rowsAreFetchedPortionByPortionUnderOneCommand() throws SQLException {
        TARGET.run("INSERT INTO orders SELECT g, 'x' FROM generate_series(1000, 1999) g");
        try (Connection connection = gateway.connect()) {
            connection.setAutoCommit(false);
            try (PreparedStatement select = connection.prepareStatement("SELECT id FROM orders WHERE id >= 1000")) {
                select.setFetchSize(100);
                int count = 0;
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        count++;
                    }
                }
                assertThat(count).isEqualTo(1000);
            }
            connection.commit();
        }
        assertThat(gateway.policy.texts().stream().filter(text -> text.contains("id >= 1000")))
                .hasSize(1);
        Outcome outcome = gateway.policy.awaitOutcome(one -> one.rows() == 1000);
        assertThat(outcome.status()).isEqualTo(Outcome.Status.DONE);
    }

    @Test
    void aRefusedStatementInsideATransactionFailsTheTransaction() throws SQLException {
        gateway.policy.rule = command ->
                command.content().text().startsWith("DROP") ? Policy.refuse(Verdict.Cause.POLICY) : Policy.PERMIT;
        for (String mode : List.of("preferQueryMode=simple", "preferQueryMode=extended")) {
            try (Connection connection = gateway.connect(mode)) {
                connection.setAutoCommit(false);
                connection.createStatement().executeUpdate("UPDATE orders SET item = 'gone' WHERE id = 7");
                assertThatThrownBy(() -> connection.createStatement().execute("DROP TABLE orders"))
                        .isInstanceOfSatisfying(
                                PSQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("42501"));
                assertThatThrownBy(() -> connection.createStatement().executeQuery("SELECT 1"))
                        .isInstanceOfSatisfying(
                                PSQLException.class,
                                e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
                connection.rollback();
                assertThat(connection.createStatement().executeQuery("SELECT item FROM orders WHERE id = 7"))
                        .satisfies(rows -> {
                            rows.next();
                            assertThat(rows.getString(1)).isEqualTo("lamp");
                        });
            }
        }
    }

    @Test
    void aRefusedStatementFailsTheRestOfItsPipelineAndNotTheSession() throws SQLException {
        gateway.policy.rule = command -> command.binds().stream().anyMatch(bind -> "1003".equals(bind.text()))
                ? Policy.refuse(Verdict.Cause.POLICY)
                : Policy.PERMIT;
        try (Connection connection = gateway.connect()) {
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO orders VALUES (?, 'x')")) {
                for (int i = 1000; i < 1006; i++) {
                    insert.setInt(1, i);
                    insert.addBatch();
                }
                assertThatThrownBy(insert::executeBatch).hasMessageContaining("Tables are never dropped here");
            }
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void aServersErrorPassesAsItIs() throws SQLException {
        try (Connection connection = gateway.connect()) {
            assertThatThrownBy(() -> connection.createStatement().execute("INSERT INTO orders VALUES (7, 'twice')"))
                    .isInstanceOfSatisfying(PSQLException.class, e -> {
                        assertThat(e.getSQLState()).isEqualTo("23505");
                        assertThat(e.getServerErrorMessage().getConstraint()).isEqualTo("orders_pkey");
                    });
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(gateway.policy
                        .awaitOutcome(one -> one.status() == Outcome.Status.FAILED)
                        .detail())
                .isEqualTo("23505");
    }

    @Test
    void copyGoesBothWays() throws Exception {
        try (Connection connection = gateway.connect()) {
            var copy = connection.unwrap(PGConnection.class).getCopyAPI();
            StringBuilder lines = new StringBuilder();
            for (int i = 10_000; i < 30_000; i++) {
                lines.append(i).append("\tthing\n");
            }
            assertThat(copy.copyIn("COPY orders FROM STDIN", new StringReader(lines.toString())))
                    .isEqualTo(20_000);
            StringWriter out = new StringWriter();
            assertThat(copy.copyOut("COPY orders TO STDOUT", out)).isEqualTo(20_002);
            assertThat(out.toString().lines().count()).isEqualTo(20_002);
            assertThatThrownBy(() -> copy.copyIn("COPY orders FROM STDIN", new StringReader("nonsense\n")))
                    .hasMessageContaining("invalid input syntax");
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
    }

    @Test
    void aSyntaxErrorIsToldAsTheServerWouldAndIsOnRecord() throws SQLException {
        try (Connection connection = gateway.connect()) {
            for (String ignored : List.of("once", "again")) {
                assertThatThrownBy(() -> connection.createStatement().execute("SELEC 1"))
                        .isInstanceOfSatisfying(PSQLException.class, e -> {
                            assertThat(e.getSQLState()).isEqualTo("42601");
                            assertThat(e.getServerErrorMessage().getPosition()).isEqualTo(1);
                        });
            }
            assertThat(connection.createStatement().executeQuery("SELECT 1").next())
                    .isTrue();
        }
        assertThat(gateway.policy
                        .awaitCommand(command -> command.content().text().equals("SELEC 1"))
                        .content()
                        .effects())
                .singleElement()
                .satisfies(effect -> assertThat(effect.action()).isEqualTo("sql:unknown"));
        assertThat(TARGET.received("SELEC 1")).isFalse();
    }

    @Test
    void emptyQueriesAreAnsweredAndNeedNoVerdict() throws SQLException {
        for (String mode : List.of("preferQueryMode=simple", "preferQueryMode=extended")) {
            gateway.policy.rule = command -> Policy.PERMIT;
            try (Connection connection = gateway.connect(mode)) {
                gateway.policy.rule = command -> Policy.refuse(Verdict.Cause.POLICY);
                assertThat(connection.createStatement().execute("")).isFalse();
                assertThat(connection.isValid(5)).isTrue();
            }
        }
        assertThat(gateway.policy.judged)
                .noneMatch(command -> command.content().text().isBlank());
    }

    @ParameterizedTest
    @CsvSource({"preferQueryMode=simple, 1000000", "preferQueryMode=extended, 3000000"})
    void aVeryLargeRowAndAVeryLargeStatementPass(String mode, int size) throws SQLException {
        try (Connection connection = gateway.connect(mode);
                PreparedStatement select = connection.prepareStatement("SELECT ? || repeat('y', 3000000)")) {
            select.setString(1, "x".repeat(size));
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                assertThat(rows.getString(1))
                        .hasSize(size + 3_000_000)
                        .startsWith("xxx")
                        .endsWith("yyy");
            }
        }
    }
}
