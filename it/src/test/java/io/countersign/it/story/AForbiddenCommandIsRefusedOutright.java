package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a rule refuses, or no rule permits, ends in the protocol's own error with the reason in it. */
@ExtendWith(SharedDemo.class)
class AForbiddenCommandIsRefusedOutright {

    @Test
    void dropTableNamesTheRuleAndItsReason(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose").type("DROP TABLE customers;").awaitText("42501");
            psql.finish();
            assertThat(psql.err()).contains("ERROR").contains(".yaml:");
        }
        assertThat(demo.targetLog()).doesNotContain("DROP TABLE");
        assertThat(demo.psqlOnce("alice", "SELECT count(*) > 0 FROM customers")
                        .out()
                        .strip())
                .isEqualTo("t");
    }

    @Test
    void whatNoRulePermitsIsRefused(Demo demo) {
        for (String sql : new String[] {
            "SELECT pg_read_file('/etc/passwd')",
            "COPY customers TO PROGRAM 'cat'",
            "DO $$ BEGIN EXECUTE 'DROP TABLE ' || 'orders'; END $$",
            "ALTER SYSTEM SET log_statement = 'none'",
            "SET standard_conforming_strings = off",
            "SET client_encoding = 'LATIN1'",
            "CREATE ROLE mallory SUPERUSER",
            "SELECT set_config('search_path', 'evil', false)",
            "WITH gone AS (DELETE FROM orders RETURNING *) SELECT pg_sleep(0) FROM gone",
        }) {
            Program.Result result = demo.psqlOnce("alice", sql);
            assertThat(result.status())
                    .as(sql + " → " + result.out() + result.err())
                    .isNotZero();
            assertThat(result.err()).as(sql).contains("ERROR");
        }
        assertThat(demo.targetLog())
                .doesNotContain("pg_read_file")
                .doesNotContain("TO PROGRAM")
                .doesNotContain("EXECUTE 'DROP")
                .doesNotContain("mallory");
    }

    @Test
    void aRefusalInsideATransactionFailsTheTransactionAsAServerWould(Demo demo) throws SQLException {
        try (Connection connection = demo.jdbc("alice", Map.of());
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("SELECT 1");
            Assertions.assertThatThrownBy(() -> statement.execute("DROP TABLE customers"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("42501"));
            Assertions.assertThatThrownBy(() -> statement.execute("SELECT 1"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            failed -> assertThat(failed.getSQLState()).isEqualTo("25P02"));
            connection.rollback();
            statement.execute("SELECT 1");
        }
    }
}
