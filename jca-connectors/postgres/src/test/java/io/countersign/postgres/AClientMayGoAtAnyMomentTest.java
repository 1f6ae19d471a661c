package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import io.countersign.postgres.message.StartupPacket;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Nothing stays open, and nothing half done is done, whenever a client hangs up without a word. */
class AClientMayGoAtAnyMomentTest extends GatewayTest {

    /** How far a client goes before it does. */
    @FunctionalInterface
    private interface Part {
        void play(RawClient client) throws IOException;
    }

    private static final Opaque LINE = new Opaque(Opaque.COPY_DATA, "20\tchair\n".getBytes(StandardCharsets.UTF_8));
    private static final Bind BIND = new Bind("", "", List.of(), List.of(), List.of());

    private static final List<Part> PARTS = List.of(
            client -> {},
            client -> client.send(new byte[] {0, 0}),
            client -> client.send(new StartupPacket.GssRequest()),
            client -> client.send(new StartupPacket.Startup(3, 2, Map.of("user", "alice", "database", "shop"))),
            RawClient::signIn,
            signedIn(client -> client.send(new byte[] {'Q', 0, 0, 0, 40, 'D', 'E', 'L', 'E', 'T', 'E'})),
            signedIn(client -> client.send(new Parse("", "DELETE FROM orders", List.of()), BIND)),
            signedIn(client -> client.send(
                    new Query("BEGIN"),
                    new Parse("", "DELETE FROM orders", List.of()),
                    BIND,
                    new Execute("", 0),
                    Signal.FLUSH)),
            signedIn(client -> client.send(new Query("COPY orders FROM STDIN"), LINE)),
            signedIn(client -> {
                client.send(new Query("COPY orders FROM STDIN"), LINE);
                client.send(new byte[] {'d', 0, 0, 0, 9, '2'});
            }),
            signedIn(client -> client.send(new Query("SELECT repeat('x', 1000) FROM generate_series(1, 100000)"))),
            signedIn(client -> client.send(
                    new Query("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT"))));

    @Test
    void andNothingIsLeft() throws IOException {
        for (int i = 0; i < PARTS.size(); i++) {
            RawClient client = new RawClient(gateway.number());
            PARTS.get(i).play(client);
            client.hangUp();
        }
        Policy.await(() -> gateway.counters.value(Counter.CONNECTIONS_OPEN) == 0 ? true : null, "closed connections");
        assertThat(gateway.counters.value(Counter.SESSIONS_OPEN)).isZero();
        Policy.await(
                () -> TARGET.ask("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
                                        + " AND pid <> pg_backend_pid()")
                                .equals("0")
                        ? true
                        : null,
                "the target's sessions to end");
        assertThat(orders()).isEqualTo("2");
    }

    private static Part signedIn(Part next) {
        return client -> {
            client.signIn();
            next.play(client);
        };
    }
}
