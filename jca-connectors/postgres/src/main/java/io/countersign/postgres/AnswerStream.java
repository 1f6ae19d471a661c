package io.countersign.postgres;

import io.countersign.api.Frame.Direction;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.Recorder;
import io.countersign.postgres.message.BackendMessage;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the client, in order, and onto the recording as the client sees it: runs of the target's bytes as they came,
 * and between them what was rewritten. Confined to the session's event loop.
 */
final class AnswerStream {

    /** Rewritten messages go out together, up to this many bytes. */
    private static final int GATHERED = 256 * 1024;

    /** A run of the target's bytes this long is copied between rewritten messages: less work than to send three pieces. */
    private static final int SHORT_RUN = 8 * 1024;

    private final Channel client;
    private final Recorder recorder;
    private final Counters counters;
    private @Nullable ByteBuf rewritten;

    /** What is rewritten next will be about as long as what was last. */
    private int expected = SHORT_RUN / 8;

    private long command;

    AnswerStream(Channel client, Recorder recorder, Counters counters) {
        this.client = client;
        this.recorder = recorder;
        this.counters = counters;
    }

    /** The command that what follows belongs to. */
    long command() {
        return command;
    }

    void belongsTo(long number) {
        flushRewritten();
        command = number;
    }

    /** Everything up to here goes out as it came. */
    void relay(ByteBuf buffer, int to) {
        int length = to - buffer.readerIndex();
        if (length > 0 && length <= SHORT_RUN && rewritten != null) {
            roomIn(rewritten()).writeBytes(buffer, length);
        } else if (length > 0) {
            flushRewritten();
            send(buffer.readRetainedSlice(length));
        }
    }

    /**
     * What came before a frame goes out; the frame itself does not.
     *
     * @return false
     */
    boolean leaveOut(ByteBuf buffer, int at) {
        relay(buffer, at);
        return false;
    }

    void append(BackendMessage message) {
        message.encode(rewritten());
    }

    /** Where to write what goes out instead of the frame at an index. */
    ByteBuf instead(ByteBuf buffer, int at) {
        relay(buffer, at);
        return roomIn(rewritten());
    }

    private ByteBuf roomIn(ByteBuf gathered) {
        if (gathered.readableBytes() < GATHERED) {
            return gathered;
        }
        flushRewritten();
        return rewritten();
    }

    /** To be called before anything else is written to the client. */
    void flushRewritten() {
        ByteBuf buffer = rewritten;
        if (buffer != null) {
            rewritten = null;
            expected = Math.clamp(buffer.readableBytes(), SHORT_RUN / 8, GATHERED);
            send(buffer);
        }
    }

    void release() {
        if (rewritten != null) {
            rewritten.release();
            rewritten = null;
        }
    }

    private ByteBuf rewritten() {
        ByteBuf buffer = rewritten;
        if (buffer == null) {
            buffer = client.alloc().buffer(expected);
            rewritten = buffer;
        }
        return buffer;
    }

    private void send(ByteBuf bytes) {
        recorder.write(Direction.TO_CLIENT, command, bytes);
        counters.add(Counter.BYTES_TO_CLIENTS_TOTAL, bytes.readableBytes());
        client.write(bytes, client.voidPromise());
    }
}
