package io.countersign.postgres;

import io.countersign.core.Counters;
import io.countersign.core.Recorder;
import io.countersign.core.Valve;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FunctionCallResponse;
import io.countersign.postgres.message.Malformed;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of a session: finds the frames of its answers, has each one looked at ({@link Pairing}), and relays the
 * rest as it came. Frames that pass are never taken apart; runs of them go to the client, and to the recording, as one piece
 * of the buffer they arrived in.
 *
 * <p>Confined to the session's event loop.
 */
final class Answers {

    /** Longer rows that pass anyway are relayed as they come, not gathered first. */
    private static final int GATHERED = 256 * 1024;

    /** A row that must be looked into has to fit into memory. */
    private static final int LONGEST_MASKED = 64 * 1024 * 1024;

    /** What the gateway asks for itself is not worth more memory. */
    private static final int LONGEST_OWN = 4 * 1024 * 1024;

    private final Channel client;
    private final AnswerStream out;
    private final AnswerListener listener;

    private final Due due = new Due();
    private final Shown shown;
    private final Pairing pairing;
    private final List<BackendMessage> afterPassing = new ArrayList<>();
    private @Nullable ByteBuf in;

    /** What came behind the frame that {@link #in} ends with. */
    private @Nullable ByteBuf behind;

    private int passing;
    private boolean processing;

    private boolean closed;

    Answers(
            Channel client,
            Valve target,
            Recorder recorder,
            Counters counters,
            Catalogue catalogue,
            AnswerListener listener) {
        this.client = client;
        this.out = new AnswerStream(client, recorder, counters);
        this.shown = new Shown(client, target, out, counters, catalogue, this);
        this.pairing = new Pairing(due, shown, new Complaints(out, counters), out, listener);
        this.listener = listener;
    }

    void expect(Expected next) {
        due.add(next);
    }

    /** Whether a ReadyForQuery is due: only then is the transaction's status known. */
    boolean inCycle() {
        return due.inCycle();
    }

    /** Whether everything forwarded has been answered. */
    boolean idle() {
        return due.isEmpty();
    }

    /** Whether what the target is busy with, if anything, is a question of the gateway's own. */
    boolean asksForItself() {
        Expected head = due.head();
        return head != null && head.inquiry != null;
    }

    /** Says something of the gateway's own to the client, between two messages of the target. */
    void say(BackendMessage message, long number) {
        if (passing > 0) {
            afterPassing.add(message);
            return;
        }
        out.belongsTo(number == 0 ? out.command() : number);
        out.append(message);
        out.flushRewritten();
    }

    /** Takes what the target sent. */
    void read(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        ByteBuf begun = in;
        if (begun == null) {
            in = bytes;
        } else if (behind != null) {
            behind = joined(behind, bytes);
        } else if (shown.waiting()) {
            in = joined(begun, bytes);
        } else {
            complete(begun, bytes);
        }
        process();
    }

    /** Joins to the frame that was begun what it lacks, and no more: the rest goes on in the buffer that it came in. */
    private void complete(ByteBuf begun, ByteBuf bytes) {
        ByteBuf frame = begun;
        int header = PostgresCodec.HEADER - frame.readableBytes();
        if (header > 0 && bytes.readableBytes() > header) {
            frame = joined(frame, bytes.readRetainedSlice(header));
        }
        long missing = frame.readableBytes() < PostgresCodec.HEADER
                ? Long.MAX_VALUE
                : 1 + frame.getUnsignedInt(frame.readerIndex() + 1) - frame.readableBytes();
        if (missing < 0 || missing >= bytes.readableBytes()) {
            in = joined(frame, bytes);
        } else {
            in = missing == 0 ? frame : joined(frame, bytes.readRetainedSlice((int) missing));
            behind = bytes;
        }
    }

    private ByteBuf joined(ByteBuf some, ByteBuf more) {
        return ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), some, more);
    }

    void flush() {
        client.flush();
    }

    void close() {
        closed = true;
        if (!processing) {
            release();
        }
        due.abandon(listener::finished);
    }

    boolean closed() {
        return closed;
    }

    void end(String sqlState, String message, String hint) {
        listener.end(sqlState, message, hint);
    }

    /** Goes on with what has arrived. */
    void process() {
        ByteBuf buffer = in;
        if (buffer == null || shown.waiting()) {
            return;
        }
        processing = true;
        try {
            do {
                frames(buffer);
                if (closed || buffer.isReadable()) {
                    break;
                }
                Window.close();
                buffer.release();
                buffer = behind;
                in = buffer;
                behind = null;
            } while (buffer != null);
        } finally {
            Window.close();
            processing = false;
        }
        if (closed) {
            release();
            return;
        }
        out.flushRewritten();
        listener.progressed();
    }

    private void release() {
        if (in != null) {
            in.release();
            in = null;
        }
        if (behind != null) {
            behind.release();
            behind = null;
        }
        out.release();
    }

    private void frames(ByteBuf buffer) {
        int at = buffer.readerIndex();
        try {
            while (!closed && !shown.waiting()) {
                if (passing > 0) {
                    int more = Math.min(passing, buffer.writerIndex() - at);
                    at += more;
                    passing -= more;
                    if (passing > 0) {
                        break;
                    }
                    out.relay(buffer, at);
                    afterPassing.forEach(message -> say(message, 0));
                    afterPassing.clear();
                }
                int length = PostgresCodec.frameLength(buffer, at);
                if (length < 0) {
                    break;
                }
                byte type = buffer.getByte(at);
                if (buffer.writerIndex() - at < length) {
                    if (length > GATHERED && shown.passes(type, due.head())) {
                        attribute(buffer, at);
                        count(type, length);
                        passing = length;
                        continue;
                    }
                    if (length > longest()) {
                        throw new Malformed(
                                Malformed.PROTOCOL_VIOLATION, "a message of " + length + " bytes to look into");
                    }
                    break;
                }
                attribute(buffer, at);
                if (pairing.frame(buffer, type, at, length)) {
                    at += length;
                } else if (!shown.waiting() && !closed) {
                    buffer.readerIndex(at + length);
                    at += length;
                }
            }
        } catch (Malformed e) {
            listener.end("08P01", "the target broke the protocol: " + e.getMessage(), "Tell the gateway's operators.");
        }
        if (closed) {
            return;
        }
        out.relay(buffer, at);
    }

    private int longest() {
        Expected head = due.head();
        return head != null && head.own ? LONGEST_OWN : LONGEST_MASKED;
    }

    /** Frames belong to the command whose answer they are part of. */
    private void attribute(ByteBuf buffer, int at) {
        Expected head = due.head();
        if (head != null && head.command != 0 && head.command != out.command()) {
            out.relay(buffer, at);
            out.belongsTo(head.command);
        }
    }

    /** Counts what passes without being gathered. */
    private void count(byte type, int length) {
        Expected head = due.head();
        Running running = head == null ? null : head.running;
        if (running != null) {
            running.bytes += length;
            running.rows += type == DataRow.TYPE || type == FunctionCallResponse.TYPE ? 1 : 0;
        }
    }
}
