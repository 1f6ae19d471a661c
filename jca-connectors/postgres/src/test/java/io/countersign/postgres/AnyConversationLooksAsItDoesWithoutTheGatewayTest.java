package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Target;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random valid conversations, by a seed, with the same server: once through the gateway, once past it. */
class AnyConversationLooksAsItDoesWithoutTheGatewayTest extends GatewayTest {

    private static final int CYCLES = 60;

    private static final List<String> QUERIES = List.of(
            "SELECT id, item FROM orders ORDER BY id",
            "SELECT 'Ünïcödé 💥', NULL, ''; SELECT 1/0; SELECT 3",
            "BEGIN",
            "COMMIT",
            "ROLLBACK",
            "UPDATE orders SET item = item || '.' WHERE id = 7",
            "INSERT INTO orders VALUES (7, 'twice')",
            "SELECT * FROM nowhere",
            "",
            "-- says nothing",
            "COPY orders TO STDOUT",
            "SELECT g, repeat('x', g * 100) FROM generate_series(1, 40) g");

    private static final List<String> PREPARED = List.of(
            "SELECT id, item FROM orders WHERE id >= $1 ORDER BY id",
            "SELECT 10 / ($1 - 7)",
            "SELECT g FROM generate_series(1, $1) g",
            "DELETE FROM orders WHERE id = $1 + 1000",
            "SELECT item FROM nowhere WHERE id = $1");

    @BeforeAll
    static void makeAUser() {
        TARGET.run("DROP ROLE IF EXISTS by_trust", "CREATE ROLE by_trust LOGIN SUPERUSER");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void byteByByte(long seed) throws Exception {
        gateway.policy.target = TARGET.as("by_trust", "not asked for", new Target.Tls.Off());
        List<List<FrontendMessage>> conversation = conversation(new Random(seed));
        List<String> through = new ArrayList<>();
        List<String> past = new ArrayList<>();
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            for (List<FrontendMessage> cycle : conversation) {
                through.add(answer(client, cycle));
            }
        }
        TARGET.run("DELETE FROM orders", "INSERT INTO orders VALUES (7, 'lamp'), (8, 'desk')");
        try (RawClient client = new RawClient(TARGET.port())) {
            client.signInTrusted("by_trust");
            for (List<FrontendMessage> cycle : conversation) {
                past.add(answer(client, cycle));
            }
        }
        for (int i = 0; i < past.size(); i++) {
            assertThat(through.get(i)).as("%s", conversation.get(i)).isEqualTo(past.get(i));
        }
    }

    private static String answer(RawClient client, List<FrontendMessage> cycle) throws Exception {
        client.send(cycle.toArray(FrontendMessage[]::new));
        ByteBuf bytes = Unpooled.buffer();
        for (BackendMessage message : client.readToReady()) {
            message.encode(bytes);
        }
        return ByteBufUtil.hexDump(bytes);
    }

    private static List<List<FrontendMessage>> conversation(Random random) {
        List<List<FrontendMessage>> cycles = new ArrayList<>();
        for (int i = 0; i < CYCLES; i++) {
            cycles.add(
                    switch (random.nextInt(8)) {
                        case 0, 1, 2 -> List.of(new Query(QUERIES.get(random.nextInt(QUERIES.size()))));
                        case 3 -> copyIn(random);
                        default -> pipeline(random);
                    });
        }
        return cycles;
    }

    private static List<FrontendMessage> copyIn(Random random) {
        int id = 1_000 + random.nextInt(1_000_000);
        byte[] line = (id + "\tsofa\n").getBytes(StandardCharsets.UTF_8);
        return List.of(
                new Query("ROLLBACK; COPY orders FROM STDIN"), new Opaque(Opaque.COPY_DATA, line), Signal.COPY_DONE);
    }

    private static List<FrontendMessage> pipeline(Random random) {
        List<FrontendMessage> messages = new ArrayList<>();
        int statements = 1 + random.nextInt(4);
        for (int i = 0; i < statements; i++) {
            String name = random.nextBoolean() ? "" : "s";
            byte[] value = String.valueOf(random.nextInt(12)).getBytes(StandardCharsets.US_ASCII);
            if (!name.isEmpty()) {
                messages.add(new Close(Kind.STATEMENT, name));
            }
            messages.add(new Parse(name, PREPARED.get(random.nextInt(PREPARED.size())), List.of(23)));
            if (random.nextBoolean()) {
                messages.add(new Describe(Kind.STATEMENT, name));
            }
            messages.add(new Bind("", name, List.of(), List.of(value), List.of((short) random.nextInt(2))));
            if (random.nextBoolean()) {
                messages.add(new Describe(Kind.PORTAL, ""));
            }
            messages.add(new Execute("", random.nextInt(3)));
            if (random.nextInt(4) == 0) {
                messages.add(Signal.FLUSH);
            }
        }
        messages.add(Signal.SYNC);
        return messages;
    }
}
