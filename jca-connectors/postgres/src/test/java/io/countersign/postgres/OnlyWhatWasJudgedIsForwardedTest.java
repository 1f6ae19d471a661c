package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages in places where the protocol does not have them shift nothing of what was judged (54.2.3, 54.2.6). */
class OnlyWhatWasJudgedIsForwardedTest extends SignedInTest {

    private static final int HEADER = 5;

    @Test
    void dataOutsideACopyIsDroppedAndNothingElse() throws IOException {
        ByteBuf hidden = Unpooled.buffer();
        new Query("DELETE FROM orders").encode(hidden);
        byte[] value = new byte[hidden.readableBytes()];
        hidden.readBytes(value);
        ByteBuf judged = Unpooled.buffer();
        new Parse("", "SELECT $1", List.of(17)).encode(judged);
        int bind = judged.writerIndex();
        new Bind("", "", List.of((short) 1), List.of(value), List.of()).encode(judged);
        // Bind's header, two empty names, one format, one value and its length come before the value.
        int offset = bind + HEADER + 2 + 4 + 2 + 4;
        assertThat(judged.getByte(offset)).isEqualTo((byte) 'Q');
        client.send(judged);
        client.send(new Opaque(Opaque.COPY_DATA, new byte[offset - HEADER]), new Execute("", 0), Signal.SYNC);
        assertThat(kinds(client.readToReady())).isEqualTo("1 2 D SELECT 1 Z:IDLE");
        assertThat(orders()).isEqualTo("2");
    }

    @Test
    void norIsItKeptHoweverLongItSaysItIs() throws IOException {
        long before = PlatformDependent.usedDirectMemory();
        ByteBuf header = Unpooled.buffer().writeByte(Opaque.COPY_DATA).writeInt(0x3ffffff0);
        client.send(header);
        for (int i = 0; i < 128; i++) {
            client.send(new byte[1024 * 1024]);
        }
        assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(48 * 1024 * 1024);
    }

    @Test
    void aLongMessageOfACopyGoesOnAsItComes() throws IOException {
        int size = 24 * 1024 * 1024;
        long before = PlatformDependent.usedDirectMemory();
        client.send(new Query("COPY orders FROM STDIN"), data("20\t"));
        assertThat(client.read()).isInstanceOf(CopyResponse.class);
        client.send(Unpooled.buffer().writeByte(Opaque.COPY_DATA).writeInt(size + 4));
        byte[] part = "x".repeat(1024 * 1024).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < size / part.length; i++) {
            client.send(part);
        }
        assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(size);
        client.send(data("\n"), Signal.COPY_DONE);
        assertThat(kinds(client.readToReady())).isEqualTo("COPY 1 Z:IDLE");
        assertThat(TARGET.ask("SELECT length(item) FROM orders WHERE id = 20")).isEqualTo(String.valueOf(size));
    }

    @Test
    void nothingButDataIsSaidInTheMiddleOfACopy() throws IOException {
        client.send(new Query("COPY orders FROM STDIN"), new Parse("", "SELECT 1", List.of()), Signal.FLUSH);
        assertThat(kinds(client.readToEnd())).isEqualTo("CopyResponse E:08P01");
        assertThat(orders()).isEqualTo("2");
    }

    /** The server drops them, too, and whoever sends them before it has said that it copies would else wait for ever. */
    @Test
    void syncAndFlushMeanNothingInACopy() throws IOException {
        client.send(
                new Query("COPY orders FROM STDIN; COPY orders FROM STDIN"),
                Signal.FLUSH,
                Signal.SYNC,
                data("20\tchair\n"),
                Signal.SYNC,
                Signal.COPY_DONE,
                Signal.SYNC,
                data("21\tsofa\n"),
                Signal.COPY_DONE,
                new Query("SELECT 1"));
        assertThat(kinds(client.readToReady())).isEqualTo("CopyResponse COPY 1 CopyResponse COPY 1 Z:IDLE");
        assertThat(kinds(client.readToReady())).isEqualTo("T D SELECT 1 Z:IDLE");
    }

    private static Opaque data(String text) {
        return new Opaque(Opaque.COPY_DATA, text.getBytes(StandardCharsets.UTF_8));
    }
}
