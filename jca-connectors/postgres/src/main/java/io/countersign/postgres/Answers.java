package io.countersign.postgres;

import io.countersign.api.Outcome;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.Recorder;
import io.countersign.core.Valve;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.CommandComplete;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.ParameterDescription;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The target's side of a session: pairs every answer with what was forwarded, hides what must be hidden, leaves out what
 * the gateway asked for itself, and relays the rest as it came. Frames that pass are never taken apart; runs of them go to
 * the client, and to the recording, as one piece of the buffer they arrived in.
 *
 * <p>Confined to the session's event loop.
 */
final class Answers {

    /** Longer rows that pass anyway are relayed as they come, not gathered first. */
    private static final int GATHERED = 256 * 1024;

    /** A row that must be looked into has to fit into memory. */
    private static final int LONGEST_MASKED = 64 * 1024 * 1024;

    /** What the session's other parts learn from the target. */
    interface Listener {

        /** A command is through, one way or the other. */
        void finished(Running running);

        /** A cycle has ended, with this status. */
        void ready(ReadyForQuery.Status status);

        /** The target fails everything up to the next Sync. */
        void failed();

        /** COPY FROM STDIN: the client's data is awaited. */
        void copyIn();

        void parameter(ParameterStatus status);

        /** A statement's name means this now; null for nothing. */
        void named(String name, @Nullable Prepared prepared);

        /** A statement carried out by a simple query, by its place in the text. */
        void carriedOut(Running running, int place, String tag);

        /** What has arrived is dealt with: whoever waits for an answer may look. */
        void progressed();

        /** Make the target's session fail as the client was told it has. */
        void poison(boolean sync);

        void end(String sqlState, String message, String hint);
    }

    private final Channel client;
    private final Valve target;
    private final AnswerStream out;
    private final Counters counters;
    private final Catalogue catalogue;
    private final SessionState state;
    private final Listener listener;

    private final Deque<Expected> expected = new ArrayDeque<>();
    private final List<BackendMessage> afterPassing = new ArrayList<>();
    private @Nullable ByteBuf in;
    private int passing;
    private int statement;
    private @Nullable RowMask rows;
    private @Nullable Expected rowsFor;
    private AnswerMask listening = AnswerMask.NONE;
    private int cycles;
    private boolean waiting;
    private boolean processing;

    /** The client was told that its command failed when the target went on: it must not see more before ReadyForQuery. */
    private boolean mute;

    private boolean closed;

    Answers(
            Channel client,
            Valve target,
            Recorder recorder,
            Counters counters,
            Catalogue catalogue,
            SessionState state,
            Listener listener) {
        this.client = client;
        this.target = target;
        this.out = new AnswerStream(client, recorder, counters);
        this.counters = counters;
        this.catalogue = catalogue;
        this.state = state;
        this.listener = listener;
    }

    void expect(Expected next) {
        expected.add(next);
        if (next.kind == Expected.Kind.SYNC || next.kind == Expected.Kind.QUERY) {
            cycles++;
        }
    }

    /** Whether a ReadyForQuery is due: only then is the transaction's status known. */
    boolean inCycle() {
        return cycles > 0;
    }

    /** Whether everything forwarded has been answered. */
    boolean idle() {
        return expected.isEmpty();
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
        in = in == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), in, bytes);
        process();
    }

    void flush() {
        client.flush();
    }

    void close() {
        closed = true;
        if (!processing) {
            release();
        }
        expected.forEach(left -> {
            Running running = left.running;
            if (running != null && !running.finished) {
                // It may or may not have been carried out.
                running.status = Outcome.Status.UNKNOWN;
                listener.finished(running);
            }
        });
        expected.clear();
    }

    private void process() {
        ByteBuf buffer = in;
        if (buffer == null || waiting) {
            return;
        }
        processing = true;
        try {
            frames(buffer);
        } finally {
            processing = false;
        }
        if (closed) {
            release();
            return;
        }
        if (!buffer.isReadable()) {
            buffer.release();
            in = null;
        }
        listener.progressed();
    }

    private void release() {
        if (in != null) {
            in.release();
            in = null;
        }
        out.release();
    }

    private void frames(ByteBuf buffer) {
        int at = buffer.readerIndex();
        try {
            while (!closed && !waiting) {
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
                    if (length > GATHERED && passes(type)) {
                        attribute(buffer, at);
                        count(type, length);
                        passing = length;
                        continue;
                    }
                    if (length > LONGEST_MASKED) {
                        throw new Malformed(
                                Malformed.PROTOCOL_VIOLATION, "a message of " + length + " bytes to look into");
                    }
                    break;
                }
                attribute(buffer, at);
                if (frame(buffer, type, at, length)) {
                    at += length;
                } else if (!waiting && !closed) {
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
        out.flushRewritten();
    }

    /** Frames belong to the command whose answer they are part of. */
    private void attribute(ByteBuf buffer, int at) {
        Expected head = expected.peek();
        if (head != null && head.command != 0 && head.command != out.command()) {
            out.relay(buffer, at);
            out.belongsTo(head.command);
        }
    }

    private boolean passes(byte type) {
        Expected head = expected.peek();
        Running running = head == null ? null : head.running;
        return (type == DataRow.TYPE || type == Opaque.COPY_DATA)
                && running != null
                && running.cut == null
                && (running.mask.none() || type == DataRow.TYPE && rowsFor == head && rows == null)
                && (type != DataRow.TYPE || running.rows < running.limit);
    }

    /** Counts what passes without being gathered. */
    private void count(byte type, int length) {
        Running running = expected.element().running;
        if (running != null) {
            running.bytes += length;
            running.rows += type == DataRow.TYPE ? 1 : 0;
        }
    }

    /** @return whether the frame stays in the run that is relayed as it came; otherwise it was dealt with */
    private boolean frame(ByteBuf buffer, byte type, int at, int length) {
        Expected head = expected.peek();
        switch (type) {
            case ParameterStatus.TYPE -> {
                listener.parameter((ParameterStatus) PostgresCodec.backend(buffer, at, length));
                return true;
            }
            case Opaque.NOTIFICATION -> {
                return notification(buffer, at, length);
            }
            case Report.NOTICE -> {
                return report(buffer, at, length, head);
            }
            case Report.ERROR -> {
                return error(buffer, at, length, head);
            }
            default -> {
                if (head == null) {
                    throw unexpected(type, null);
                }
            }
        }
        Running running = head.running;
        if (running != null) {
            running.bytes += length;
        }
        boolean kept = answer(buffer, type, at, length, head, running);
        return kept && (!mute || type == ReadyForQuery.TYPE || drop(buffer, at));
    }

    private boolean answer(ByteBuf buffer, byte type, int at, int length, Expected head, @Nullable Running running) {
        return switch (type) {
            case DataRow.TYPE -> row(buffer, at, length, head);
            case CommandComplete.TYPE -> complete(buffer, at, length, head);
            case 'I' -> {
                if (head.kind == Expected.Kind.EXECUTE) {
                    expected.remove();
                    finish(head);
                } else {
                    need(head, type, Expected.Kind.QUERY);
                    statement++;
                }
                yield visible(buffer, at, head);
            }
            case 's' -> {
                need(head, type, Expected.Kind.EXECUTE);
                expected.remove();
                suspended(head);
                yield visible(buffer, at, head);
            }
            case RowDescription.TYPE -> describe(buffer, at, length, head);
            case '1' -> {
                need(head, type, Expected.Kind.PARSE);
                expected.remove();
                finish(head);
                yield visible(buffer, at, head);
            }
            case '2' -> {
                need(head, type, Expected.Kind.BIND);
                expected.remove();
                finish(head);
                yield visible(buffer, at, head);
            }
            case '3' -> {
                need(head, type, Expected.Kind.CLOSE_STATEMENT, Expected.Kind.CLOSE_PORTAL);
                expected.remove();
                yield visible(buffer, at, head);
            }
            case ParameterDescription.TYPE -> {
                need(head, type, Expected.Kind.DESCRIBE_STATEMENT);
                if (head.prepared != null) {
                    head.prepared.types = ((ParameterDescription) PostgresCodec.backend(buffer, at, length)).types();
                }
                yield visible(buffer, at, head);
            }
            case 'n' -> {
                need(head, type, Expected.Kind.DESCRIBE_STATEMENT, Expected.Kind.DESCRIBE_PORTAL);
                expected.remove();
                yield visible(buffer, at, head);
            }
            case ReadyForQuery.TYPE -> ready(buffer, at, length, head);
            case CopyResponse.IN -> {
                need(head, type, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
                listener.copyIn();
                yield true;
            }
            case CopyResponse.OUT -> copyOut(buffer, at, length, head);
            case Opaque.COPY_DATA -> copyData(buffer, at, length, head);
            case 'c' -> running != null && running.cut == null || drop(buffer, at);
            default -> throw unexpected(type, head);
        };
    }

    private boolean row(ByteBuf buffer, int at, int length, Expected head) {
        if (head.probe != null) {
            head.probe.row((DataRow) PostgresCodec.backend(buffer, at, length));
            return drop(buffer, at);
        }
        Running running = head.running;
        if (running == null) {
            throw unexpected(DataRow.TYPE, head);
        }
        if (running.cut != null) {
            return drop(buffer, at);
        }
        if (running.rows >= running.limit) {
            running.cut = Report.error("54000", "the answer has more than " + running.limit + " rows")
                    .detail("The rule that permits this command limits its answer.")
                    .hint("Ask for fewer rows, for example with LIMIT " + running.limit + ".");
            return drop(buffer, at);
        }
        if (rowsFor != head && !masked(head, running)) {
            return drop(buffer, at);
        }
        if (waiting) {
            running.bytes -= length;
            return false;
        }
        running.rows++;
        RowMask mask = rows;
        if (mask == null) {
            return true;
        }
        RowMask.Masked masked = mask.apply(buffer, at, length, client.alloc());
        if (masked == null) {
            return true;
        }
        counters.add(Counter.VALUES_MASKED_TOTAL, masked.hidden());
        drop(buffer, at);
        out.append(masked.frame());
        return false;
    }

    /**
     * Before the first row of an Execute: its portal was described before, by the client or by the gateway.
     *
     * @return false where nothing is known of the columns, and so everything is hidden
     */
    private boolean masked(Expected head, Running running) {
        rows = null;
        if (running.mask.none()) {
            rowsFor = head;
            return true;
        }
        RowDescription columns = head.portal == null ? null : head.portal.columns;
        if (columns == null) {
            running.cut = Report.error("0A000", "the answer's columns are not known, so nothing of it can be shown")
                    .hint("Describe the portal before executing it.");
            return false;
        }
        plan(columns, running, head);
        return true;
    }

    private boolean describe(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        switch (head.kind) {
            case DESCRIBE_STATEMENT, DESCRIBE_PORTAL -> {
                expected.remove();
                if (head.portal != null) {
                    head.portal.columns = (RowDescription) PostgresCodec.backend(buffer, at, length);
                }
                return visible(buffer, at, head);
            }
            case QUERY -> {
                rows = null;
                if (running != null && !running.mask.none()) {
                    plan((RowDescription) PostgresCodec.backend(buffer, at, length), running, head);
                }
                if (waiting && running != null) {
                    running.bytes -= length;
                }
                return !waiting;
            }
            default -> throw unexpected(RowDescription.TYPE, head);
        }
    }

    private void plan(RowDescription columns, Running running, Expected head) {
        Catalogue.Asked tables = Catalogue.Asked.byOid(running.mask.tables(columns));
        if (!catalogue.knows(tables)) {
            waitFor(tables);
            return;
        }
        Optional<RowMask> plan = running.mask.plan(columns, running.content, running.reach, catalogue::table);
        rows = plan.orElse(null);
        rowsFor = head;
    }

    /** The answer stays where it is until the catalogue has answered; if it cannot, nothing is known and all is hidden. */
    private void waitFor(Catalogue.Asked tables) {
        waiting = true;
        target.shut(Valve.Reason.FACTS_MISSING);
        catalogue
                .load(tables)
                .whenComplete((done, failure) -> client.eventLoop().execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (failure != null) {
                        listener.end(
                                "58000",
                                "the gateway cannot learn which columns this answer shows: " + failure.getMessage(),
                                "Nothing of the answer was shown. Try again, or ask the gateway's operators.");
                        return;
                    }
                    waiting = false;
                    target.open(Valve.Reason.FACTS_MISSING);
                    process();
                    client.flush();
                }));
    }

    private boolean complete(ByteBuf buffer, int at, int length, Expected head) {
        CommandComplete complete = (CommandComplete) PostgresCodec.backend(buffer, at, length);
        Running running = head.running;
        if (head.probe != null) {
            need(head, CommandComplete.TYPE, Expected.Kind.EXECUTE);
            expected.remove();
            head.probe.done(state);
            return drop(buffer, at);
        }
        need(head, CommandComplete.TYPE, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
        if (running == null) {
            throw unexpected(CommandComplete.TYPE, head);
        }
        running.detail = complete.tag();
        if (complete.tag().equals("LISTEN") && !running.mask.none()) {
            listening = running.mask;
        }
        running.counted += complete.rows();
        listener.carriedOut(running, statement++, complete.tag());
        Report cut = running.cut;
        if (head.kind == Expected.Kind.EXECUTE) {
            expected.remove();
            if (cut != null) {
                running.failed(cut.sqlState());
            }
            finish(head);
            if (cut != null) {
                drop(buffer, at);
                out.append(cut);
                if (expected.isEmpty()) {
                    listener.poison(false);
                } else {
                    mute = true;
                }
                return false;
            }
        } else if (cut != null) {
            return drop(buffer, at);
        }
        return true;
    }

    private boolean ready(ByteBuf buffer, int at, int length, Expected head) {
        need(head, ReadyForQuery.TYPE, Expected.Kind.QUERY, Expected.Kind.SYNC);
        ReadyForQuery ready = (ReadyForQuery) PostgresCodec.backend(buffer, at, length);
        expected.remove();
        cycles--;
        Running running = head.running;
        statement = 0;
        rows = null;
        rowsFor = null;
        boolean cutOff = mute;
        mute = false;
        if (running != null) {
            Report cut = running.cut;
            if (cut != null) {
                running.failed(cut.sqlState());
                drop(buffer, at);
                out.append(cut);
                cutOff = true;
            }
            finish(head);
        }
        if (cutOff && ready.status() == ReadyForQuery.Status.IN_TRANSACTION) {
            listener.poison(true);
            return drop(buffer, at);
        }
        if (cutOff && running != null) {
            drop(buffer, at);
            out.append(ready);
            listener.ready(ready.status());
            return false;
        }
        listener.ready(ready.status());
        return visible(buffer, at, head);
    }

    private boolean copyOut(ByteBuf buffer, int at, int length, Expected head) {
        need(head, CopyResponse.OUT, Expected.Kind.QUERY, Expected.Kind.EXECUTE);
        CopyResponse response = (CopyResponse) PostgresCodec.backend(buffer, at, length);
        Running running = head.running;
        if (running == null) {
            throw unexpected(CopyResponse.OUT, head);
        }
        if (running.cut == null && response.binary() && !running.mask.none()) {
            running.cut = Report.error("0A000", "a binary COPY cannot be shown: values in it must be masked")
                    .hint("Use COPY in text or CSV format.");
        }
        return running.cut == null || drop(buffer, at);
    }

    private boolean copyData(ByteBuf buffer, int at, int length, Expected head) {
        Running running = head.running;
        if (running == null) {
            throw unexpected(Opaque.COPY_DATA, head);
        }
        if (running.cut != null) {
            return drop(buffer, at);
        }
        running.rows++;
        if (running.copyMask.isEmpty()) {
            return true;
        }
        ByteBuf masked = running.copyMask.get().apply(buffer, at, length, client.alloc());
        if (masked == null) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        drop(buffer, at);
        out.append(masked);
        return false;
    }

    /** Comes when it comes; the masks of the LISTEN that asked for it apply. */
    private boolean notification(ByteBuf buffer, int at, int length) {
        if (listening.none()) {
            return true;
        }
        Opaque notification = (Opaque) PostgresCodec.backend(buffer, at, length);
        Opaque shown = NotificationMask.hide(notification, listening);
        if (shown == notification) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        drop(buffer, at);
        out.append(shown);
        return false;
    }

    private boolean report(ByteBuf buffer, int at, int length, @Nullable Expected head) {
        Running running = head == null ? null : head.running;
        if (running == null || !running.mask.hidesIn(running.content, running.reach)) {
            return true;
        }
        Report report = (Report) PostgresCodec.backend(buffer, at, length);
        Report shown = running.mask.hide(report, running.content, running.reach);
        if (shown.equals(report)) {
            return true;
        }
        counters.up(Counter.VALUES_MASKED_TOTAL);
        drop(buffer, at);
        out.append(shown);
        return false;
    }

    private boolean error(ByteBuf buffer, int at, int length, @Nullable Expected head) {
        Report report = (Report) PostgresCodec.backend(buffer, at, length);
        if (head != null && head.running != null) {
            head.running.bytes += length;
        }
        if (head == null
                || report.severity().equals("FATAL")
                || report.severity().equals("PANIC")) {
            return report(buffer, at, length, head);
        }
        if (head.probe != null
                || head.own && head.kind != Expected.Kind.DESCRIBE_PORTAL && head.kind != Expected.Kind.POISON) {
            drop(buffer, at);
            listener.end(
                    "58000", "the gateway cannot learn the session's state: " + report.message(), "Connect again.");
            return false;
        }
        Running running = head.running;
        boolean kept;
        if (head.kind == Expected.Kind.POISON) {
            drop(buffer, at);
            if (head.instead != null) {
                out.append(head.instead);
            }
            kept = false;
        } else if (running != null && running.cut != null) {
            drop(buffer, at);
            out.append(running.cut);
            running.failed(running.cut.sqlState());
            running.cut = null;
            kept = false;
        } else {
            kept = report(buffer, at, length, head);
            if (running != null) {
                running.failed(report.sqlState());
            }
        }
        if (head.kind != Expected.Kind.QUERY && head.kind != Expected.Kind.SYNC) {
            skipToSync(report.sqlState(), head);
        }
        return kept;
    }

    /** The target ignores what was forwarded until Sync; names mean again what they meant before. */
    private void skipToSync(String sqlState, Expected failed) {
        List<Expected> skipped = new ArrayList<>();
        while (!expected.isEmpty() && expected.element().kind != Expected.Kind.SYNC) {
            skipped.add(expected.remove());
        }
        for (Expected one : skipped.reversed()) {
            if (one.kind == Expected.Kind.PARSE && !one.own) {
                // A Parse that fails takes the unnamed statement with it; one that is skipped does not.
                listener.named(one.name, one == failed && one.name.isEmpty() ? null : one.before);
            } else if (one.kind == Expected.Kind.CLOSE_STATEMENT && !one.own) {
                listener.named(one.name, one.before);
            }
            if (one.running != null) {
                if (one.running.status == Outcome.Status.DONE) {
                    one.running.failed(sqlState);
                }
                finish(one);
            }
        }
        rows = null;
        if (expected.isEmpty()) {
            listener.failed();
        }
    }

    private void finish(Expected head) {
        if (head.kind == Expected.Kind.EXECUTE) {
            rows = null;
            statement = 0;
            if (head.portal != null) {
                head.portal.suspended = null;
            }
        }
        if (head.running != null) {
            listener.finished(head.running);
        }
    }

    private void suspended(Expected head) {
        if (head.portal != null) {
            head.portal.suspended = head.running;
        }
    }

    private boolean visible(ByteBuf buffer, int at, Expected head) {
        return !head.own || drop(buffer, at);
    }

    /** What came before the frame goes out; the frame itself does not. */
    private boolean drop(ByteBuf buffer, int at) {
        out.relay(buffer, at);
        return false;
    }

    private static void need(Expected head, byte type, Expected.Kind... kinds) {
        for (Expected.Kind kind : kinds) {
            if (head.kind == kind) {
                return;
            }
        }
        throw unexpected(type, head);
    }

    private static Malformed unexpected(byte type, @Nullable Expected head) {
        return new Malformed(
                Malformed.PROTOCOL_VIOLATION,
                "message " + (char) type + " where " + (head == null ? "nothing" : "the answer to " + head.kind)
                        + " was due");
    }
}
