package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.LiveSession;
import io.countersign.core.Recorder;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FunctionCall;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.util.Optional;

/**
 * The client's side of a session, and the enforcement point: reads messages, keeps them back until what they add up to is
 * judged, and forwards exactly the bytes that were.
 *
 * <p>A simple query is one command, and so is a function call. In the extended protocol Parse, Bind, Describe and Close are
 * kept until an Execute makes them a command to run, or a Sync or Flush one to prepare. While a command is judged or held,
 * whatever follows it stays unread in the buffer; once that is more than a little, the client is not read any more.
 *
 * <p>Confined to the session's event loop.
 */
final class Requests {

    private final Answers answers;
    private final SessionState state;
    private final PostgresEffects effects;
    private final Outlet outlet;
    private final SessionNames names;
    private final Kept kept;
    private final Pipeline pipeline;
    private final Refusing refusing;
    private final Judging judging;
    private final ExtendedQuery extended;
    private final CopyIn copyIn;

    private boolean processing;
    private boolean closed;

    Requests(
            Channel client,
            Answers answers,
            SessionState state,
            PostgresEffects effects,
            SnapshotWatch watch,
            LiveSession live,
            Recorder recorder,
            Counters counters,
            Outlet outlet) {
        this.answers = answers;
        this.state = state;
        this.effects = effects;
        this.outlet = outlet;
        this.names = new SessionNames(live, counters);
        this.kept = new Kept(client.alloc());
        this.pipeline = new Pipeline(answers, state, names, watch, outlet);
        Forwarding forwarding = new Forwarding(client.alloc(), kept, pipeline, answers, names, outlet);
        this.refusing = new Refusing(kept, pipeline, answers, state, names);
        this.judging = new Judging(
                kept,
                pipeline,
                forwarding,
                refusing,
                effects,
                state,
                names,
                watch,
                live,
                recorder,
                outlet,
                this::process);
        this.extended = new ExtendedQuery(kept, pipeline, forwarding, refusing, judging, effects, names);
        this.copyIn = new CopyIn(kept, pipeline, judging, recorder, outlet);
    }

    /** Takes what the client sent. */
    void read(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        kept.add(bytes);
        process();
    }

    /** Whether enough is kept of a client that has to wait. */
    boolean enoughKept() {
        return kept.enough() && (judging.waiting() || copyIn.passing() || !kept.outstanding());
    }

    /** Goes on as far as it can: called whenever something changed that it may have been waiting for. */
    void process() {
        if (processing || closed) {
            return;
        }
        processing = true;
        try {
            boolean progress = true;
            while (progress && !closed) {
                progress = step();
            }
        } catch (Malformed e) {
            outlet.end(e.sqlState(), "the client broke the protocol: " + e.getMessage(), "");
        } finally {
            processing = false;
        }
        kept.trim();
        outlet.flush();
    }

    void close() {
        closed = true;
        kept.release();
    }

    SessionNames names() {
        return names;
    }

    Pipeline pipeline() {
        return pipeline;
    }

    // What the policy side tells.

    void permitted(Verdict.Permit permit) {
        judging.permitted(permit);
    }

    /** @param rollBack whether the transaction at the target must end as well */
    void refused(Report report, boolean rollBack) {
        judging.refused(report, rollBack);
        process();
    }

    /** Whether no approval can let the command go on; otherwise it is kept for however long that takes. */
    boolean pointless() {
        return judging.pointless();
    }

    /** The command is held: what was before it in its pipeline is answered now, and not with it (54.2.4). */
    void settle() {
        kept.settle();
        if (!answers.idle()) {
            pipeline.await();
            outlet.flush();
        }
    }

    /** The command that waits for its verdict. */
    Asked asked() {
        return judging.asked();
    }

    long askedNumber() {
        return judging.askedNumber();
    }

    Command heldCommand() {
        return judging.heldCommand();
    }

    // The client's messages, one at a time.

    /** @return whether there may be more to do at once */
    private boolean step() {
        ByteBuf buffer = kept.orNull();
        if (buffer == null || judging.waiting() || pipeline.copyDue() || !outlet.writable()) {
            return false;
        }
        if (copyIn.passing()) {
            return copyIn.more(buffer);
        }
        if (pipeline.skipping() && !kept.segment().isEmpty()) {
            refusing.dropSegment();
        }
        int at = kept.next(buffer);
        int length = PostgresCodec.frameLength(buffer, at);
        if (length < 0) {
            return false;
        }
        byte type = buffer.getByte(at);
        PostgresCodec.checkFrontend(type, length);
        if (type == Opaque.COPY_DATA) {
            return data(buffer, length);
        }
        if (buffer.writerIndex() - at < length) {
            return false;
        }
        if (type == 'X') {
            outlet.terminate();
            return false;
        }
        if (pipeline.copying()) {
            copyIn.message(type, length);
            return true;
        }
        if (pipeline.skipping() && type != 'S') {
            buffer.skipBytes(length);
            return true;
        }
        try {
            return message(buffer, type, at, length);
        } catch (Malformed e) {
            if (e.fatal()) {
                throw e;
            }
            return unreadable(type, length, e);
        }
    }

    private boolean message(ByteBuf buffer, byte type, int at, int length) {
        return switch (type) {
            case Query.TYPE, FunctionCall.TYPE -> cycle(buffer, type, at, length);
            case Parse.TYPE, Bind.TYPE, Describe.TYPE, Execute.TYPE, Close.TYPE ->
                pipeline.named() && extended.take(PostgresCodec.frontend(buffer, at, length), length);
            case 'S', 'H' -> boundary(type, length);
            case 'c', 'f' -> strayCopy(length);
            default -> throw new Malformed(Malformed.PROTOCOL_VIOLATION, "message " + (char) type + " is out of place");
        };
    }

    /** A message that ends, with what was open before it, in a ReadyForQuery of its own. */
    private boolean cycle(ByteBuf buffer, byte type, int at, int length) {
        if (!kept.segment().isEmpty()) {
            return extended.finish();
        }
        if (pipeline.open() && !answers.idle()) {
            return pipeline.await();
        }
        if (!pipeline.settled()) {
            return false;
        }
        if (pipeline.unpinned()) {
            refusing.unpinnedQuery(length);
            return true;
        }
        return type == Query.TYPE
                ? query(buffer, (Query) PostgresCodec.frontend(buffer, at, length), length)
                : call((FunctionCall) PostgresCodec.frontend(buffer, at, length), length);
    }

    private boolean query(ByteBuf buffer, Query query, int length) {
        Reading reading = effects.read(query.text());
        if (reading.empty() && !pipeline.open()) {
            buffer.skipBytes(length);
            answers.say(Signal.EMPTY_QUERY_RESPONSE, 0);
            answers.say(new ReadyForQuery(state.status()), 0);
            answers.flush();
            return true;
        }
        Optional<Report> confusing = pipeline.confusing(reading);
        if (confusing.isPresent()) {
            refusing.query(length, confusing.get(), 0);
            return true;
        }
        if (!names.fits(reading)) {
            refusing.query(length, names.full(), 0);
            return true;
        }
        judging.ask(Command.Phase.RUN, length, reading, null, null);
        return true;
    }

    /** A function by its number is judged as the statement that calls it by its name. */
    private boolean call(FunctionCall call, int length) {
        Optional<NumberedFunction> known = NumberedFunction.of(call);
        if (known.isEmpty()) {
            refusing.query(length, NumberedFunction.unknown(call), 0);
            return true;
        }
        NumberedFunction function = known.get();
        Optional<Report> unfit = function.unfit(call);
        if (unfit.isPresent()) {
            refusing.query(length, unfit.get(), 0);
            return true;
        }
        Reading reading = effects.read(function.text());
        judging.ask(Command.Phase.RUN, length, reading, function.portal(call, reading, length), null);
        return true;
    }

    /** Sync, Flush: nothing may stay back any longer. */
    private boolean boundary(byte type, int length) {
        if (!kept.segment().isEmpty()) {
            return extended.finish();
        }
        outlet.forward(kept.take(length));
        if (type == 'S') {
            pipeline.synced();
        }
        return true;
    }

    /** Data goes on as it comes, where it goes on at all. */
    private boolean data(ByteBuf buffer, int length) {
        if (pipeline.copying()) {
            return copyIn.data(buffer, length);
        }
        if (pipeline.skipping()) {
            return copyIn.drop(buffer, length);
        }
        if (!kept.segment().isEmpty()) {
            return extended.finish();
        }
        return copyIn.drop(buffer, length);
    }

    /** The end of a COPY where there is none: the client has not noticed yet that it failed. */
    private boolean strayCopy(int length) {
        if (!kept.segment().isEmpty()) {
            return extended.finish();
        }
        kept.skip(length);
        return true;
    }

    /** A text that is no UTF-8: the command fails, the session goes on. */
    private boolean unreadable(byte type, int length, Malformed malformed) {
        Report report = Report.error(malformed.sqlState(), malformed.getMessage());
        if (type == Query.TYPE) {
            refusing.query(length, report, 0);
            return true;
        }
        return extended.refuse(length, report);
    }
}
