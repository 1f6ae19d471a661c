package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Postgres;
import io.countersign.it.world.Program;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With PostgreSQL as the store: what cannot be recorded does not run, and service resumes when the store does. */
class TheStoreFailsAndComesBack {

    private static final Pattern MARK = Pattern.compile("/\\* mark \\d+-\\d+ \\*/");

    private static final Executor EACH_ON_ITS_OWN = Thread::startVirtualThread;

    private static Postgres store;
    private static Demo demo;

    @BeforeAll
    static void start() {
        store = Postgres.start();
        // As payara-server/gateway.env.example recommends: a store whose machine is gone says nothing at all.
        demo = Demo.start("stored", "--store", store.jdbc("postgres") + "&socketTimeout=30");
    }

    @AfterAll
    static void stop() {
        try {
            if (demo != null) {
                demo.close();
            }
        } finally {
            store.close();
        }
    }

    @Test
    void aHeldCommandRunsOnceSomebodyElseApprovesIt() {
        String delete = "DELETE FROM orders WHERE id = 7 /* recorded in PostgreSQL */;";
        try (Program psql = demo.psql("alice")) {
            psql.type(delete).awaitText("held for approval, request ");
            Api bob = demo.api("bob");
            long request = bob.awaitPending(delete);
            assertThat(demo.targetLog()).doesNotContain("/* recorded in PostgreSQL */");
            assertThat(bob.vote(request, "approve", "checked").status()).isEqualTo(200);
            psql.awaitText("DELETE 1").finish();
        }
        assertThat(demo.targetLog()).contains("/* recorded in PostgreSQL */");
        assertThat(store.ask("postgres", "-c", "SELECT count(*) > 0 FROM ledger_block")
                        .strip())
                .isEqualTo("t");
    }

    @Test
    void meanwhileEverythingIsRefusedAndThenServiceResumesByItself() {
        String delete = "DELETE FROM orders WHERE id = 8 /* held all the while */;";
        Api bob = demo.api("bob");
        try (Program psql = demo.psql("alice");
                Program waiting = demo.psql("alice")) {
            psql.type("\\set VERBOSITY verbose").type("SELECT 'be' || 'fore';").awaitText("before");
            waiting.type(delete).awaitText("held for approval");
            long request = bob.awaitPending(delete);
            assertThat(statusesOfManyReads()).containsOnly(200);

            store.crash();
            psql.type("SELECT 'not now';")
                    .awaitText("57P03")
                    .awaitText("cannot record this command, so it does not run")
                    .awaitText("service resumes by itself");
            assertThatThrownBy(() -> demo.jdbc("alice", Map.of()))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refused -> assertThat(refused.getSQLState()).isEqualTo("57P03"))
                    .hasMessageContaining("cannot record this session");
            assertThat(health().status()).isEqualTo(503);
            assertThat(bob.vote(request, "approve", "while it is down").status())
                    .isEqualTo(503);
            assertThat(demo.process().isAlive()).isTrue();

            store.run();
            Await.until("the gateway to be ready again", () -> health().status() == 200);
            assertThat(statusesOfManyReads()).containsOnly(200);
            psql.type("SELECT 'af' || 'ter';").awaitText("after").finish();
            assertThat(demo.psqlOnce("alice", "SELECT 'new session'").out()).contains("new session");
            assertThat(bob.vote(request, "approve", "now it counts").status()).isEqualTo(200);
            waiting.awaitText("DELETE 1").finish();
        }
        assertThat(demo.targetLog()).doesNotContain("not now");
        theLedgerHasNoGap();
    }

    @Test
    void whateverRunsAsItFailsIsOnRecordAndWhoLeavesMeanwhileIsNotForgotten() {
        List<CompletableFuture<SQLException>> clients = IntStream.range(0, 4)
                .mapToObj(client -> CompletableFuture.supplyAsync(() -> runUntilRefused(client), EACH_ON_ITS_OWN))
                .toList();
        String delete = "DELETE FROM orders WHERE id = 9 /* left alone */;";
        Program leaving = demo.psql("alice").type(delete).awaitText("held for approval");
        long request = demo.api("bob").awaitPending(delete);
        Await.until("statements to run", () -> marks(demo.targetLog()).size() > 100);

        store.crash();
        assertThat(clients)
                .allSatisfy(client -> assertThat(client.join().getSQLState()).isEqualTo("57P03"));
        leaving.signal("KILL").await(Await.PATIENCE);
        store.run();
        Await.until("the gateway to be ready again", () -> health().status() == 200);

        demo.api("bob").awaitState(request, "abandoned");
        String ledger = theLedgerHasNoGap();
        assertThat(marks(ledger)).containsAll(marks(demo.targetLog()));
        Await.until("all sessions' ends to be on record", () -> {
            List<JsonNode> records = demo.api("dave").records();
            return count(records, "session-opened") == count(records, "session-closed");
        });
    }

    /** Enough at once to use every connection to the store that the gateway keeps. */
    private static List<Integer> statusesOfManyReads() {
        List<CompletableFuture<Integer>> reads = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> demo.api("dave").get("/records").status(), EACH_ON_ITS_OWN))
                .limit(32)
                .toList();
        return reads.stream().map(CompletableFuture::join).toList();
    }

    private static Api.Reply health() {
        return new Api(demo.described().get("api").asText(), "").get("/health");
    }

    private static String theLedgerHasNoGap() {
        List<JsonNode> records = demo.api("dave").records();
        assertThat(records.stream().map(record -> record.get("sequence").asInt()))
                .isEqualTo(IntStream.range(0, records.size()).boxed().toList());
        return records.toString();
    }

    private static long count(List<JsonNode> records, String type) {
        return records.stream()
                .filter(record -> record.get("type").asText().equals(type))
                .count();
    }

    /** One statement after the other, each with a mark of its own, as fast as it goes. */
    private static SQLException runUntilRefused(int client) {
        try (Connection connection = demo.jdbc("alice", Map.of());
                Statement statement = connection.createStatement()) {
            for (int i = 0; ; i++) {
                statement.execute("SELECT 1 /* mark %d-%d */".formatted(client, i));
            }
        } catch (SQLException refused) {
            return refused;
        }
    }

    private static List<String> marks(String text) {
        return MARK.matcher(text).results().map(MatchResult::group).toList();
    }
}
