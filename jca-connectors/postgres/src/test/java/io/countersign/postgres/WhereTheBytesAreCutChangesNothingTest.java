package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.api.Obligation;
import io.countersign.api.Verdict;
import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhereTheBytesAreCutChangesNothingTest extends GatewayTest {

    /** Simple and extended, rows in parts, a failed pipeline, COPY both ways, a function's number, masks; it leaves things as they were. */
    private static final List<FrontendMessage> CONVERSATION = List.of(
            new Query("SELECT id, item FROM orders ORDER BY id; SELECT 'Ünïcödé'"),
            new Parse("s1", "SELECT id, item FROM orders WHERE id > $1 ORDER BY id", List.of(23)),
            new Bind("p", "s1", List.of(), List.of("0".getBytes(StandardCharsets.US_ASCII)), List.of()),
            new Describe(Kind.PORTAL, "p"),
            new Execute("p", 1),
            new Execute("p", 0),
            new Close(Kind.STATEMENT, "s1"),
            Signal.SYNC,
            new Parse("", "SELECT 1/0", List.of()),
            new Bind("", "", List.of(), List.of(), List.of()),
            new Execute("", 0),
            new Parse("", "SELECT 2", List.of()),
            Signal.SYNC,
            new Query("COPY orders TO STDOUT"),
            new Query("COPY orders FROM STDIN"),
            new Opaque(Opaque.COPY_DATA, "101\tsofa\n".getBytes(StandardCharsets.UTF_8)),
            Signal.COPY_DONE,
            new Query("DELETE FROM orders WHERE id > 100"),
            // Too early, by a descriptor that is not open: an error is as good an answer.
            new FunctionCall(958, List.of((short) 1), List.of(new byte[] {0, 0, 0, 1}), (short) 1),
            new Query(""));

    private static final int CYCLES = 8;

    private final byte[] conversation = bytes();

    @BeforeEach
    void hideTheItems() {
        Mask items = new Mask("items", new Selector.Column("public.orders", "item"), Way.KEEP_LAST_4);
        TARGET.run("UPDATE orders SET item = 'lampshade' WHERE id = 7");
        gateway.policy.rule = command -> new Verdict.Permit(List.of(new Obligation.MaskAnswer(List.of(items))));
    }

    @Test
    void ofTheClientAtEveryOffset() throws IOException {
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(conversation);
            String whole = answers(client);
            for (int cut = 1; cut < conversation.length; cut++) {
                long before = gateway.counters.value(Counter.BYTES_FROM_CLIENTS_TOTAL);
                long then = before + cut;
                client.send(Arrays.copyOfRange(conversation, 0, cut));
                Policy.await(
                        () -> gateway.counters.value(Counter.BYTES_FROM_CLIENTS_TOTAL) >= then ? true : null,
                        "the first part");
                client.send(Arrays.copyOfRange(conversation, cut, conversation.length));
                assertThat(answers(client)).as("cut at %d", cut).isEqualTo(whole);
            }
            assertThat(whole).contains(hex("hade")).doesNotContain(hex("lampshade"));
        }
    }

    @Test
    void ofTheTargetAtEveryByte() throws IOException {
        String whole;
        try (RawClient client = new RawClient(gateway.number())) {
            client.signIn();
            client.send(conversation);
            whole = answers(client);
        }
        try (ATrickle trickle = new ATrickle(TARGET.port())) {
            gateway.policy.target = TARGET.behind(trickle.port());
            try (RawClient client = new RawClient(gateway.number())) {
                client.signIn();
                client.send(conversation);
                assertThat(answers(client)).isEqualTo(whole);
            }
        }
    }

    private static byte[] bytes() {
        ByteBuf out = Unpooled.buffer();
        CONVERSATION.forEach(message -> message.encode(out));
        return ByteBufUtil.getBytes(out);
    }

    private static String hex(String text) {
        return ByteBufUtil.hexDump(text.getBytes(StandardCharsets.UTF_8));
    }

    /** All that comes up to the conversation's last ReadyForQuery, as the bytes that it came in. */
    private static String answers(RawClient client) throws IOException {
        ByteBuf all = Unpooled.buffer();
        for (int cycle = 0; cycle < CYCLES; ) {
            BackendMessage message = client.read();
            message.encode(all);
            cycle += message instanceof ReadyForQuery ? 1 : 0;
        }
        return ByteBufUtil.hexDump(all);
    }
}
