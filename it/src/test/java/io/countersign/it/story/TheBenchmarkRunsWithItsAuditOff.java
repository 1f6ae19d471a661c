package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Postgres;
import io.countersign.it.world.Program;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What {@code it/bench} compares the gateway with is compiled by nothing else: it must not rot between two benchmarks. */
class TheBenchmarkRunsWithItsAuditOff {

    @Test
    void itJudgesAndMasks() {
        try (Postgres target = Postgres.start()) {
            target.ask("postgres", "-c", "CREATE ROLE bench LOGIN PASSWORD 'bench'", "-c", "CREATE DATABASE bench");
            target.ask(
                    "bench",
                    "-c",
                    "CREATE TABLE notes AS SELECT 'to eve@example.com' AS note",
                    "-c",
                    "GRANT SELECT ON notes TO bench");
            try (Program gateway = Program.start(
                    List.of(
                            Demo.home("it/bench/without-audit"),
                            Demo.freshFolder("without-audit").toString(),
                            Integer.toString(target.port()),
                            "bench"),
                    Map.of("JAVA_HOME", System.getProperty("java.home")))) {
                Await.until(
                        () -> "its port; it said: " + gateway.err(),
                        () -> gateway.out().contains("\n"));
                String port = gateway.out().strip();
                String psql = target.program("psql").toString();
                String database = "host=127.0.0.1 dbname=bench user=alice sslmode=disable port=" + port;
                Map<String, String> anybody = Map.of("PGPASSWORD", "whatever");
                assertThat(Program.start(List.of(psql, "-XAt", "-d", database, "-c", "SELECT note FROM notes"), anybody)
                                .finish()
                                .orFail()
                                .out())
                        .startsWith("to ")
                        .doesNotContain("eve@example.com");
                assertThat(Program.start(List.of(psql, "-XAt", "-d", database, "-c", "DROP TABLE notes"), anybody)
                                .finish()
                                .err())
                        .contains("not permitted");
            }
        }
    }
}
