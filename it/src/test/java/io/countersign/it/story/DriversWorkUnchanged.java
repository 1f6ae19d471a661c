package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Debian;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** pgJDBC, node's pg and pgbench, each as its users have it. */
@ExtendWith(SharedDemo.class)
class DriversWorkUnchanged {

    @ParameterizedTest
    @CsvSource({"0, extended", "5, extended", "1, extended", "5, simple", "5, extendedForPrepared"})
    void pgJdbcSelectsWithBindsInEveryMode(String threshold, String mode, Demo demo) throws SQLException {
        Map<String, String> properties = Map.of("prepareThreshold", threshold, "preferQueryMode", mode);
        try (Connection connection = demo.jdbc("alice", properties);
                PreparedStatement select =
                        connection.prepareStatement("SELECT name, card_number FROM customers WHERE id = ?")) {
            for (int i = 1; i <= 12; i++) {
                select.setInt(1, 1 + i % 3);
                try (ResultSet rows = select.executeQuery()) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getString("card_number")).contains("*").doesNotContainPattern("\\d{6}");
                }
            }
        }
    }

    @Test
    void pgJdbcWaitsForApprovalAndTheBindValuesAreShown(Demo demo) throws Exception {
        try (Connection connection = demo.jdbc("alice", Map.of());
                PreparedStatement delete = connection.prepareStatement("DELETE FROM orders WHERE id = ? /* jdbc */")) {
            delete.setInt(1, 4711);
            CompletableFuture<Integer> deleted = CompletableFuture.supplyAsync(() -> {
                try {
                    return delete.executeUpdate();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            Api bob = demo.api("bob");
            long request = bob.awaitPending("DELETE FROM orders WHERE id = $1 /* jdbc */");
            assertThat(bob.request(request).get("binds").toString()).contains("4711");
            bob.vote(request, "approve", "fine");
            assertThat(deleted.get()).isZero();
        }
    }

    @Test
    void pgJdbcCancelsARunningStatementAndGoesOn(Demo demo) throws SQLException {
        try (Connection connection = demo.jdbc("alice", Map.of());
                Statement statement = connection.createStatement()) {
            String endless = "SELECT count(*) FROM generate_series(1, 200000000000)";
            CompletableFuture<String> cancelled = sqlStateOf(() -> statement.execute(endless));
            Await.until("the query to run", () -> demo.targetLog().contains(endless));
            statement.cancel();

            assertThat(cancelled.join()).isEqualTo("57014");
            statement.execute("SELECT 'goes on'");
        }
    }

    @Test
    void pgJdbcCancelsAHeldStatementAndGoesOn(Demo demo) throws SQLException {
        String delete = "DELETE FROM orders WHERE id = 4712 /* cancelled by jdbc */";
        try (Connection connection = demo.jdbc("alice", Map.of());
                Statement statement = connection.createStatement()) {
            CompletableFuture<String> cancelled = sqlStateOf(() -> statement.execute(delete));
            Api bob = demo.api("bob");
            long request = bob.awaitPending(delete);
            statement.cancel();

            assertThat(cancelled.join()).isEqualTo("57014");
            bob.awaitState(request, "withdrawn");
            statement.execute("SELECT 'goes on'");
        }
        assertThat(demo.targetLog()).doesNotContain("/* cancelled by jdbc */");
    }

    @Test
    void nodePgRunsPreparedAndPlainQueries(Demo demo) throws IOException {
        Path folder = Demo.freshFolder("node");
        Files.writeString(folder.resolve("package.json"), "{\"private\": true}");
        Debian.program("/usr/bin/npm", "npm");
        Program.start(
                        List.of("npm", "install", "--no-fund", "--no-audit", "--prefix", folder.toString(), "pg@8"),
                        Map.of())
                .finish(Duration.ofMinutes(3))
                .orFail();
        Path script = folder.resolve("story.cjs");
        Files.writeString(script, """
                const { Client } = require('pg');
                (async () => {
                  const client = new Client({ host: '%s', port: %d, database: '%s', user: 'alice',
                    password: process.env.TOKEN });
                  await client.connect();
                  const plain = await client.query('SELECT count(*)::int AS n FROM customers');
                  const bound = await client.query({ name: 'one', text: 'SELECT card_number FROM customers WHERE id = $1', values: [1] });
                  const again = await client.query({ name: 'one', text: 'SELECT card_number FROM customers WHERE id = $1', values: [2] });
                  let refused = '';
                  try { await client.query('DROP TABLE customers'); } catch (error) { refused = error.code; }
                  console.log(JSON.stringify({ n: plain.rows[0].n, cards: [bound.rows[0].card_number, again.rows[0].card_number], refused }));
                  await client.end();
                })().catch(error => { console.error(error); process.exit(1); });
                """.formatted(demo.host(), demo.port(), demo.database()));
        Program.Result result = Program.start(List.of("node", script.toString()), Map.of("TOKEN", demo.token("alice")))
                .finish()
                .orFail();

        assertThat(result.out()).contains("\"refused\":\"42501\"").contains("*").doesNotContainPattern("\\d{6}");
    }

    @FunctionalInterface
    private interface Call {
        void run() throws SQLException;
    }

    private static CompletableFuture<String> sqlStateOf(Call call) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                call.run();
                return "it was carried out";
            } catch (SQLException e) {
                return e.getSQLState();
            }
        });
    }
}
