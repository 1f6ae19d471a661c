package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Target;
import io.countersign.core.Loops;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket.CancelRequest;
import io.countersign.postgres.message.StartupPacket.Startup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BothSidesAgreeOnAVersionTest extends GatewayTest {

    private static final String SLEEP = "SELECT pg_sleep(60) /* %s */";

    @Test
    void aNewerClientIsToldTheVersionAndTheOptionsAtOnce() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(
                    3,
                    9999,
                    new TreeMap<>(Map.of(
                            "user", "alice", "database", "shop", "_pq_.a", "1", "_pq_.b", "", "TimeZone", "UTC"))));
            assertThat(client.read()).isEqualTo(new NegotiateProtocolVersion(3 << 16 | 2, List.of("_pq_.a", "_pq_.b")));
            assertThat(client.read()).isEqualTo(new Authentication.CleartextPassword());
        }
    }

    @Test
    void anotherMajorVersionIsRefused() throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            client.send(new Startup(4, 0, Map.of()));
            assertThat(client.readToEnd()).singleElement().satisfies(last -> {
                assertThat(((Report) last).sqlState()).isEqualTo("0A000");
                assertThat(((Report) last).message()).contains("4.0", "3.0 and 3.2");
            });
        }
    }

    @Test
    void theTargetGivesALongKeyAndTakesItBack() throws Exception {
        Upstream upstream = dial(gateway.policy.target);
        assertThat(upstream.key()).hasSizeBetween(5, 256);
        upstream.channel().close();
        cancelled("by the long key");
    }

    @Test
    void aTargetBefore18Negotiates() throws Exception {
        try (AnOlderServer older = new AnOlderServer(TARGET.port(), AnOlderServer.Manner.NEGOTIATES)) {
            gateway.policy.target = TARGET.behind(older.port());
            Upstream upstream = dial(gateway.policy.target);
            assertThat(upstream.key()).hasSize(4);
            upstream.channel().close();
            assertThat(older.asked).containsExactly(2);
            cancelled("by the short key");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AnOlderServer.Manner.class,
            names = {"CLAIMS_3_1", "REFUSES", "HANGS_UP"})
    void aTargetThatCannotNegotiateIsAskedAgainIn30(AnOlderServer.Manner manner) throws Exception {
        try (AnOlderServer older = new AnOlderServer(TARGET.port(), manner)) {
            gateway.policy.target = TARGET.behind(older.port());
            try (RawClient client = new RawClient(gateway.number())) {
                client.signIn();
                client.send(new Query("SELECT 1"));
                assertThat(client.readToReady()).hasSize(4);
            }
            assertThat(older.asked).startsWith(2, 0);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = AnOlderServer.Manner.class,
            names = {"CLAIMS_3_9", "INVENTS_AN_OPTION"})
    void aTargetThatAnswersWhatNobodyAskedIsNotBelieved(AnOlderServer.Manner manner) throws Exception {
        try (AnOlderServer older = new AnOlderServer(TARGET.port(), manner)) {
            assertThatThrownBy(() -> dial(TARGET.behind(older.port())))
                    .hasMessageContaining(
                            manner == AnOlderServer.Manner.CLAIMS_3_9
                                    ? "speaks protocol 3.9"
                                    : "options that it was never asked for");
            assertThat(older.asked).containsExactly(2);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 256})
    void aWrongKeyOfAnyLengthCancelsNothingAndSaysSo(int length) throws Exception {
        try (RawClient client = new RawClient(gateway.number())) {
            BackendKeyData key = RawClient.key(client.signIn());
            try (RawClient canceller = new RawClient(gateway.number())) {
                canceller.send(new CancelRequest(key.processId(), new byte[length]));
                assertThat(canceller.readToEnd()).isEmpty();
            }
            client.send(new Query("SELECT 1"));
            assertThat(client.readToReady()).hasSize(4);
        }
    }

    @Test
    void libpqOf18SpeaksThreeTwoAndCancels() throws Exception {
        Process psql = gateway.startPsqlOf18(
                "dbname=shop min_protocol_version=3.2 max_protocol_version=latest", "-c", SLEEP.formatted("libpq"));
        Policy.await(() -> TARGET.received(SLEEP.formatted("libpq")) ? true : null, "the statement");
        new ProcessBuilder("kill", "-INT", String.valueOf(psql.pid())).start().waitFor();
        assertThat(new String(psql.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("canceling statement due to user request");
    }

    private void cancelled(String how) throws IOException {
        String sleep = SLEEP.formatted(how);
        try (RawClient client = new RawClient(gateway.number())) {
            BackendKeyData key = RawClient.key(client.signIn());
            client.send(new Query(sleep));
            Policy.await(() -> TARGET.received(sleep) ? true : null, "the statement");
            try (RawClient canceller = new RawClient(gateway.number())) {
                canceller.send(new CancelRequest(key.processId(), key.key()));
            }
            assertThat(client.readToReady())
                    .filteredOn(Report.class::isInstance)
                    .singleElement()
                    .satisfies(
                            report -> assertThat(((Report) report).sqlState()).isEqualTo("57014"));
        }
    }

    private static Upstream dial(Target target) throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        Loops loops = new Loops(threads);
        try {
            return new PostgresTarget(target, new TargetTls(), loops.group().next(), threads)
                    .dial(Map.of())
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        } finally {
            loops.close();
            threads.shutdownNow();
        }
    }
}
