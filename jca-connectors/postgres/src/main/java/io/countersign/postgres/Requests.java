package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Frame.Direction;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.core.LiveSession;
import io.countersign.core.Recorder;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.Close;
import io.countersign.postgres.message.Describe;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Kind;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.countersign.postgres.sql.Statement;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of a session, and the enforcement point: reads messages, keeps them back until what they add up to is
 * judged, and forwards exactly the bytes that were.
 *
 * <p>A simple query is one command. In the extended protocol Parse, Bind, Describe and Close are kept until an Execute
 * makes them a command to run, or a Sync or Flush one to prepare. While a command is judged or held, whatever follows it
 * stays unread in the buffer; once that is more than a little, the client is not read any more.
 *
 * <p>A refused command must leave the target's session as a failed one would: the transaction failed, and everything up to
 * the next Sync ignored. So the target is made to fail: it is asked to describe a statement that does not exist, and the
 * client gets the refusal in place of that error (see {@link #POISON}).
 *
 * <p>Confined to the session's event loop.
 */
final class Requests {

    /** What a waiting client may have sent ahead before it is not read any more. */
    static final int KEPT = 64 * 1024;

    /** No statement has this name: the client's own would have been seen. Shows in the target's log as what it is. */
    private static final String NO_STATEMENT = "refused by countersign";

    private static final Report UNPINNED =
            Report.error("0A000", "a command that may change how texts are read must be followed by Sync");

    private static final ByteBuf POISON = constant(new Describe(Kind.STATEMENT, NO_STATEMENT));
    private static final ByteBuf SYNC = constant(Signal.SYNC);
    private static final ByteBuf FLUSH = constant(Signal.FLUSH);

    /** What the session does for its client's side. */
    interface Outlet {

        /** To the target; flushed when the loop comes round. */
        void forward(ByteBuf bytes);

        /** Whether the target takes more at the moment. */
        boolean writable();

        void flush();

        /** Makes of the masks and limits that come with a permit what they mean for this command; now or later. */
        void running(long number, Reading reading, Content content, Verdict.Permit permit, Consumer<Grant> granted);

        void terminate();

        void end(String sqlState, String message, String hint);
    }

    /** A permit, taken at its word. */
    sealed interface Grant {

        record Given(Running running) implements Grant {}

        /** What it demands cannot be met for this command. */
        record Impossible(Report refusal) implements Grant {}
    }

    /** What waits for its verdict. */
    private record Asked(
            long number,
            int bytes,
            Command.Phase phase,
            Reading reading,
            Content content,
            @Nullable Portal portal,
            @Nullable Execute execute) {}

    private final Channel client;
    private final Answers answers;
    private final SessionState state;
    private final PostgresEffects effects;
    private final LiveSession live;
    private final Recorder recorder;
    private final Outlet outlet;

    private final SessionNames names;

    private @Nullable ByteBuf in;
    private Segment segment = new Segment();
    private long commands;
    private @Nullable Asked asked;
    private Status presumed = Status.IDLE;
    private boolean open;
    private boolean barrier;
    private boolean flushed;
    private boolean unpinned;
    private boolean skipping;
    private boolean copying;
    private boolean copyDue;
    private boolean processing;
    private boolean closed;

    Requests(
            Channel client,
            Answers answers,
            SessionState state,
            PostgresEffects effects,
            LiveSession live,
            Recorder recorder,
            Outlet outlet) {
        this.client = client;
        this.answers = answers;
        this.state = state;
        this.effects = effects;
        this.live = live;
        this.names = new SessionNames(live);
        this.recorder = recorder;
        this.outlet = outlet;
    }

    /** Takes what the client sent. */
    void read(ByteBuf bytes) {
        if (closed) {
            bytes.release();
            return;
        }
        in = in == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(client.alloc(), in, bytes);
        process();
    }

    /** Whether enough is kept of a client that has to wait. */
    boolean enoughKept() {
        ByteBuf kept = in;
        return kept != null && kept.readableBytes() > KEPT && (asked != null || !outstanding(kept));
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
        ByteBuf buffer = in;
        if (buffer != null && !buffer.isReadable()) {
            buffer.release();
            in = null;
        }
        outlet.flush();
    }

    void close() {
        closed = true;
        if (in != null) {
            in.release();
            in = null;
        }
    }

    // What the target's side tells.

    void ready(Status status) {
        state.ready(status);
        presumed = status;
        if (status == Status.IDLE) {
            names.closePortals();
        }
    }

    /** The target ignores everything until Sync; so do we. */
    void failed() {
        skipping = true;
        barrier = false;
        copying = false;
        copyDue = false;
        names.closePortals();
    }

    void copyIn() {
        copying = true;
        copyDue = false;
    }

    void finished() {
        copying = false;
        copyDue = false;
    }

    SessionNames names() {
        return names;
    }

    /** Makes the target fail what the client was told has failed. */
    void poison(boolean sync) {
        expectPoison(null, 0);
        if (sync) {
            outlet.forward(SYNC.duplicate());
            answers.expect(Expected.of(Expected.Kind.SYNC));
        } else {
            skipping = true;
        }
    }

    // What the policy side tells.

    void permitted(Verdict.Permit permit) {
        Asked done = asked();
        Optional<Report> unreadable = done.reading.error().map(PostgresRefusal::of);
        if (unreadable.isPresent()) {
            granted(new Grant.Impossible(unreadable.get()));
        } else {
            outlet.running(done.number, done.reading, done.content, permit, this::granted);
        }
    }

    private void granted(Grant grant) {
        Asked done = asked();
        asked = null;
        if (skipping) {
            never(done, "25P02");
            dropped(done);
            process();
            return;
        }
        switch (grant) {
            case Grant.Impossible(Report refusal) -> {
                never(done, refusal.sqlState());
                refuse(done, refusal);
            }
            case Grant.Given(Running running) -> {
                if (done.phase == Command.Phase.PREPARE) {
                    running.detail = "PREPARE";
                    forwardSegment(done.number, running);
                } else if (done.execute == null) {
                    forwardQuery(done, running);
                } else {
                    forwardExecute(done, running, done.execute);
                }
            }
        }
        process();
    }

    void refused(Report report) {
        Asked done = asked();
        asked = null;
        if (skipping) {
            dropped(done);
            process();
            return;
        }
        refuse(done, done.reading.error().map(PostgresRefusal::of).orElse(report));
        process();
    }

    /** What could not be read is never forwarded: nobody needs to wait for its approval. */
    boolean pointless() {
        return asked != null && asked.reading.error().isPresent();
    }

    long askedNumber() {
        return asked == null ? 0 : asked.number;
    }

    /** Holding may take hours: no more memory is kept for it than the bytes themselves need. */
    void settle() {
        ByteBuf buffer = in;
        if (buffer != null) {
            ByteBuf kept = Unpooled.buffer(buffer.readableBytes());
            kept.writeBytes(buffer);
            buffer.release();
            in = kept;
        }
    }

    /** The command that forwarding would carry out now, read again from the bytes that are kept. */
    Command heldCommand() {
        Asked held = asked;
        ByteBuf buffer = in;
        if (held == null || buffer == null) {
            throw new IllegalStateException("no command is held");
        }
        int at = buffer.readerIndex();
        int end = at + held.bytes;
        String text = held.reading.text();
        List<io.countersign.api.Bind> binds = binds(held.portal);
        while (at < end) {
            int length = PostgresCodec.frameLength(buffer, at);
            switch (PostgresCodec.frontend(buffer, at, length)) {
                case Query query -> text = query.text();
                case Parse parse -> text = parse.text();
                case Bind bind ->
                    binds = BindValues.read(bind, held.portal == null ? List.of() : held.portal.prepared.types);
                default -> {}
            }
            at += length;
        }
        Content content = held.content;
        Digest now = Digest.of(text.getBytes(StandardCharsets.UTF_8));
        return new Command(
                live.session(),
                held.number,
                held.phase,
                new Content(text, now, content.kinds(), content.effects(), content.references(), content.elsewhere()),
                binds,
                state.described(presumed));
    }

    // The client's messages, one at a time.

    /** @return whether there may be more to do at once */
    private boolean step() {
        ByteBuf buffer = in;
        if (buffer == null || asked != null || copyDue || !outlet.writable()) {
            return false;
        }
        if (skipping && !segment.isEmpty()) {
            dropSegment();
        }
        int at = buffer.readerIndex() + segment.bytes;
        int length = PostgresCodec.frameLength(buffer, at);
        if (length < 0) {
            return false;
        }
        byte type = buffer.getByte(at);
        PostgresCodec.checkFrontend(type, length);
        if (buffer.writerIndex() - at < length) {
            return false;
        }
        if (type == 'X') {
            outlet.terminate();
            return false;
        }
        if (copying) {
            return copy(buffer, type, length);
        }
        if (skipping && type != 'S') {
            buffer.skipBytes(length);
            return true;
        }
        try {
            return switch (type) {
                case Query.TYPE -> query(buffer, at, length);
                case Parse.TYPE -> parse((Parse) PostgresCodec.frontend(buffer, at, length), length);
                case Bind.TYPE -> bind((Bind) PostgresCodec.frontend(buffer, at, length), length);
                case Describe.TYPE -> describe((Describe) PostgresCodec.frontend(buffer, at, length), length);
                case Execute.TYPE -> execute((Execute) PostgresCodec.frontend(buffer, at, length), length);
                case Close.TYPE -> close((Close) PostgresCodec.frontend(buffer, at, length), length);
                case 'S', 'H' -> boundary(buffer, type, length);
                case 'd', 'c', 'f' -> strayCopy(buffer, length);
                case Opaque.FUNCTION_CALL -> functionCall(length);
                default ->
                    throw new Malformed(Malformed.PROTOCOL_VIOLATION, "message " + (char) type + " is out of place");
            };
        } catch (Malformed e) {
            if (e.fatal()) {
                throw e;
            }
            return unreadable(type, length, e);
        }
    }

    private boolean query(ByteBuf buffer, int at, int length) {
        if (!segment.isEmpty()) {
            return finishSegment();
        }
        if (open && !answers.idle()) {
            return await();
        }
        if (!settled()) {
            return false;
        }
        if (unpinned && open) {
            refuseQuery(length, UNPINNED, 0);
            return true;
        }
        Query query = (Query) PostgresCodec.frontend(buffer, at, length);
        Reading reading = effects.read(query.text());
        if (reading.empty() && !open) {
            buffer.skipBytes(length);
            answers.say(Signal.EMPTY_QUERY_RESPONSE, 0);
            answers.say(new ReadyForQuery(state.status()), 0);
            answers.flush();
            return true;
        }
        Optional<Report> confusing = confusing(reading);
        if (confusing.isPresent()) {
            refuseQuery(length, confusing.get(), 0);
            return true;
        }
        ask(Command.Phase.RUN, length, reading, null, null);
        return true;
    }

    /** One message whose first statements change what names in its later ones mean cannot be judged as a whole. */
    private Optional<Report> confusing(Reading reading) {
        boolean renamed = false;
        for (Statement statement : reading.statements()) {
            if (renamed && PostgresEffects.needsSchemas(statement)) {
                return Optional.of(Report.error(
                                "0A000",
                                "a message that changes the session's settings cannot go on to statements that depend"
                                        + " on them")
                        .hint("Send the statements one by one, or name tables with their schema."));
            }
            renamed |= PostgresEffects.renames(statement, names) || undoes(statement);
        }
        return Optional.empty();
    }

    /** Whether it may take back what the transaction has changed of the session's state. */
    private boolean undoes(Statement statement) {
        return state.touched()
                && (statement.kind().startsWith("COMMIT") || statement.kind().startsWith("ROLLBACK"));
    }

    private boolean parse(Parse parse, int length) {
        if (!segment.isEmpty()) {
            return finishSegment();
        }
        Prepared prepared = new Prepared(effects.read(parse.text()), parse.types());
        segment.parse = parse;
        segment.prepared = prepared;
        Expected expected = Expected.of(Expected.Kind.PARSE);
        expected.name = parse.name();
        expected.prepared = prepared;
        segment.add(length, expected);
        return true;
    }

    private boolean bind(Bind bind, int length) {
        if (segment.bind != null || !segment.isEmpty() && segment.statement(bind.statement()) == null) {
            return finishSegment();
        }
        Prepared prepared = statement(bind.statement());
        if (prepared == null) {
            return refuseHere(length, noStatement(bind.statement()));
        }
        Portal portal = new Portal(bind, prepared);
        segment.bind = bind;
        segment.portal = portal;
        Expected expected = Expected.of(Expected.Kind.BIND);
        expected.portal = portal;
        segment.add(length, expected);
        return true;
    }

    private boolean describe(Describe describe, int length) {
        Expected expected;
        if (describe.kind() == Kind.STATEMENT) {
            Prepared prepared = statement(describe.name());
            if (prepared == null) {
                return refuseHere(length, noStatement(describe.name()));
            }
            expected = Expected.of(Expected.Kind.DESCRIBE_STATEMENT);
            expected.prepared = prepared;
        } else {
            Portal portal = portal(describe.name());
            if (portal == null) {
                return refuseHere(length, noPortal(describe.name()));
            }
            expected = Expected.of(Expected.Kind.DESCRIBE_PORTAL);
            expected.portal = portal;
        }
        segment.add(length, expected);
        return true;
    }

    private boolean close(Close close, int length) {
        if (segment.prepares()) {
            return finishSegment();
        }
        Expected expected;
        if (close.kind() == Kind.STATEMENT) {
            expected = Expected.of(Expected.Kind.CLOSE_STATEMENT);
            expected.before = names.closeStatement(close.name());
        } else {
            expected = Expected.of(Expected.Kind.CLOSE_PORTAL);
            names.closePortal(close.name());
        }
        expected.name = close.name();
        segment.add(length, expected);
        return true;
    }

    private boolean execute(Execute execute, int length) {
        if (segment.bind != null && segment.portal(execute.portal()) == null
                || segment.bind == null && segment.parse != null) {
            return finishSegment();
        }
        Portal portal = portal(execute.portal());
        if (portal == null) {
            return refuseHere(length, noPortal(execute.portal()));
        }
        if (portal.suspended != null) {
            segment.add(length, execution(portal, portal.suspended));
            forwardSegment(portal.suspended.number, null);
            return true;
        }
        if (portal.prepared.reading.empty()) {
            segment.add(length, execution(portal, null));
            forwardSegment(0, null);
            return true;
        }
        if (unpinned && open) {
            return refuseUnpinned(length);
        }
        if (!settled()) {
            return false;
        }
        ask(Command.Phase.RUN, segment.bytes + length, portal.prepared.reading, portal, execute);
        return true;
    }

    /** Sync, Flush: nothing may stay back any longer. */
    private boolean boundary(ByteBuf buffer, byte type, int length) {
        if (!segment.isEmpty()) {
            return finishSegment();
        }
        outlet.forward(buffer.readRetainedSlice(length));
        if (type == 'S') {
            answers.expect(Expected.of(Expected.Kind.SYNC));
            skipping = false;
            open = false;
            barrier = false;
        }
        return true;
    }

    /** Data outside a COPY: the client has not noticed yet that it failed. The server ignores it, too. */
    private boolean strayCopy(ByteBuf buffer, int length) {
        if (!answers.idle()) {
            return false;
        }
        buffer.skipBytes(length);
        return true;
    }

    private boolean copy(ByteBuf buffer, byte type, int length) {
        switch (type) {
            case 'd' -> forwardCopy(buffer, length);
            case 'c', 'f' -> {
                copying = false;
                forwardCopy(buffer, length);
            }
            // The server ignores both while it copies (54.2.6).
            case 'S', 'H' -> buffer.skipBytes(length);
            default ->
                throw new Malformed(Malformed.PROTOCOL_VIOLATION, "message " + (char) type + " in the middle of COPY");
        }
        return true;
    }

    private void forwardCopy(ByteBuf buffer, int length) {
        ByteBuf data = buffer.readRetainedSlice(length);
        recorder.write(Direction.FROM_CLIENT, commands, data);
        outlet.forward(data);
    }

    private boolean functionCall(int length) {
        if (!segment.isEmpty()) {
            return finishSegment();
        }
        if (!settled()) {
            return false;
        }
        refuseQuery(
                length,
                Report.error("0A000", "the function call protocol is not supported by this gateway")
                        .hint("Call the function by a SELECT."),
                0);
        return true;
    }

    /** A text that is no UTF-8: the command fails, the session goes on. */
    private boolean unreadable(byte type, int length, Malformed malformed) {
        Report report = Report.error(malformed.sqlState(), malformed.getMessage());
        if (type == Query.TYPE) {
            refuseQuery(length, report, 0);
            return true;
        }
        return refuseHere(length, report);
    }

    // Judging.

    /**
     * Whether the session's state is known, as the next command will find it: no answer is due that could change it.
     * Where it is not, whatever brings it about is started.
     */
    private boolean settled() {
        if (answers.inCycle()) {
            return false;
        }
        if (unpinned && !open) {
            // The target has reported what it is set to; had that been wrong, the session would have ended.
            unpinned = false;
        }
        if (barrier || state.stale() && presumed != Status.FAILED) {
            if (!answers.idle()) {
                return await();
            }
            barrier = false;
        }
        if (state.stale() && presumed != Status.FAILED) {
            probe();
            return false;
        }
        return true;
    }

    /** Everything that was forwarded must be answered first; without a Sync the target needs to be asked to. */
    private boolean await() {
        if (!answers.inCycle() && !flushed) {
            flushed = true;
            outlet.forward(FLUSH.duplicate());
        }
        return false;
    }

    /** Asks for the session's state. */
    void probe() {
        Probe probe = new Probe();
        outlet.forward(Probe.question());
        probe.expected().forEach(answers::expect);
        if (open) {
            outlet.forward(FLUSH.duplicate());
        } else {
            outlet.forward(SYNC.duplicate());
            answers.expect(Expected.own(Expected.Kind.SYNC));
        }
    }

    private void ask(
            Command.Phase phase, int bytes, Reading reading, @Nullable Portal portal, @Nullable Execute execute) {
        Content content = effects.content(reading, state.schemas(), names);
        Asked now = new Asked(++commands, bytes, phase, reading, content, portal, execute);
        asked = now;
        ByteBuf buffer = in;
        if (buffer != null) {
            recorder.write(Direction.FROM_CLIENT, now.number, buffer.slice(buffer.readerIndex(), bytes));
        }
        live.judge(new Command(live.session(), now.number, phase, content, binds(portal), state.described(presumed)));
    }

    private static List<io.countersign.api.Bind> binds(@Nullable Portal portal) {
        return portal == null ? List.of() : BindValues.read(portal.bind, portal.prepared.types);
    }

    private Asked asked() {
        Asked waiting = asked;
        if (waiting == null) {
            throw new IllegalStateException("a verdict for nothing");
        }
        return waiting;
    }

    // Forwarding.

    /** What is kept goes, judged if it prepares anything. */
    private boolean finishSegment() {
        Prepared prepared = segment.portal != null ? segment.portal.prepared : segment.prepared;
        if (!segment.prepares() || prepared == null || prepared.reading.empty()) {
            forwardSegment(0, null);
            return true;
        }
        if (unpinned && open) {
            return refuseUnpinned(0);
        }
        if (!settled()) {
            return false;
        }
        ask(Command.Phase.PREPARE, segment.bytes, prepared.reading, segment.portal, null);
        return true;
    }

    private void forwardQuery(Asked done, Running running) {
        Expected expected = Expected.of(Expected.Kind.QUERY);
        expected.command = done.number;
        expected.running = running;
        outlet.forward(kept().readRetainedSlice(done.bytes));
        answers.expect(expected);
        open = false;
        touch(done.reading);
    }

    private void forwardExecute(Asked done, Running running, Execute execute) {
        Portal portal = done.portal;
        if (portal == null) {
            throw new IllegalStateException("an Execute without its portal");
        }
        int executeLength = done.bytes - segment.bytes;
        boolean describe = !running.mask.none() && portal.columns == null && !describesPortal(portal);
        if (describe) {
            Expected own = Expected.own(Expected.Kind.DESCRIBE_PORTAL);
            own.portal = portal;
            ByteBuf before = kept().readRetainedSlice(segment.bytes);
            outlet.forward(before);
            outlet.forward(PostgresCodec.encode(client.alloc(), new Describe(Kind.PORTAL, execute.portal())));
            outlet.forward(kept().readRetainedSlice(executeLength));
            segment.expected.add(own);
        } else {
            outlet.forward(kept().readRetainedSlice(done.bytes));
        }
        segment.expected.add(execution(portal, running));
        forwarded(done.number);
        presume(done.reading);
        touch(done.reading);
        if (running.limit < Long.MAX_VALUE) {
            barrier = true;
        }
        copyDue = done.reading.has("COPY");
        if (copyDue) {
            outlet.forward(FLUSH.duplicate());
        }
    }

    private boolean describesPortal(Portal portal) {
        return segment.expected.stream()
                .anyMatch(one -> one.kind == Expected.Kind.DESCRIBE_PORTAL && one.portal == portal);
    }

    /** @param running of a command that is only prepared: through once its last part is */
    private void forwardSegment(long number, @Nullable Running running) {
        outlet.forward(kept().readRetainedSlice(segment.bytes));
        if (running != null) {
            segment.expected.stream()
                    .filter(one -> one.kind == Expected.Kind.PARSE || one.kind == Expected.Kind.BIND)
                    .reduce((first, last) -> last)
                    .ifPresent(last -> last.running = running);
        }
        forwarded(number);
    }

    /** The segment's bytes are on their way: answers are due, and its names hold unless the target says otherwise. */
    private void forwarded(long number) {
        for (Expected expected : segment.expected) {
            expected.command = number;
            if (expected.kind == Expected.Kind.PARSE) {
                expected.before = names.statement(expected.name);
                names.named(expected.name, expected.prepared);
            }
            answers.expect(expected);
        }
        Bind bind = segment.bind;
        if (bind != null && segment.portal != null) {
            names.bound(bind.portal(), segment.portal);
        }
        segment = new Segment();
        open = true;
        flushed = false;
    }

    private static Expected execution(Portal portal, @Nullable Running running) {
        Expected expected = Expected.of(Expected.Kind.EXECUTE);
        expected.portal = portal;
        expected.running = running;
        return expected;
    }

    /** The status a later command of the same cycle finds, if this one does not fail (then it is not run at all). */
    private void presume(Reading reading) {
        for (Statement statement : reading.statements()) {
            switch (statement.kind()) {
                case "BEGIN", "START TRANSACTION" -> presumed = Status.IN_TRANSACTION;
                case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> presumed = Status.IDLE;
                default -> {}
            }
        }
    }

    private void touch(Reading reading) {
        for (Statement statement : reading.statements()) {
            if (PostgresEffects.unsettles(statement, state.reportsSearchPath(), names) || undoes(statement)) {
                state.touch();
                barrier = true;
            }
            unpinned |= PostgresEffects.unpins(statement);
        }
    }

    // Refusing.

    /** Permitted, and not carried out all the same. */
    private void never(Asked done, String sqlState) {
        live.finished(done.number, Outcome.Status.FAILED, sqlState, 0, 0, Duration.ZERO);
    }

    /** The target ignores everything up to Sync, so nothing is said of this one either. */
    private void dropped(Asked done) {
        kept().skipBytes(done.bytes - segment.bytes);
        dropSegment();
    }

    private void dropSegment() {
        kept().skipBytes(segment.bytes);
        for (Expected one : segment.expected) {
            if (one.kind == Expected.Kind.CLOSE_STATEMENT) {
                names.named(one.name, one.before);
            }
        }
        segment = new Segment();
    }

    private void refuse(Asked done, Report report) {
        if (done.portal == null && done.execute == null && done.phase == Command.Phase.RUN) {
            refuseQuery(done.bytes, report, done.number);
        } else {
            dropped(done);
            expectPoison(report, done.number);
            skipping = true;
        }
    }

    /** In place of the message at hand, which is not to be forwarded; what was kept before it is. */
    private boolean refuseHere(int length, Report report) {
        if (!segment.isEmpty()) {
            return finishSegment();
        }
        kept().skipBytes(length);
        expectPoison(report, 0);
        skipping = true;
        return true;
    }

    /** Until the target has reported its settings, which it does at the end of a cycle, no text can be relied on. */
    private boolean refuseUnpinned(int length) {
        dropSegment();
        kept().skipBytes(length);
        expectPoison(Report.error("0A000", "a command that may change how texts are read must be followed by Sync"), 0);
        skipping = true;
        return true;
    }

    /** A refused simple query ends with ReadyForQuery; in a transaction the target has to fail first. */
    private void refuseQuery(int length, Report report, long number) {
        kept().skipBytes(length);
        if (open || state.status() == Status.IN_TRANSACTION) {
            expectPoison(report, number);
            outlet.forward(SYNC.duplicate());
            answers.expect(Expected.of(Expected.Kind.SYNC));
            open = false;
            return;
        }
        answers.say(report, number);
        answers.say(new ReadyForQuery(state.status()), number);
        answers.flush();
    }

    private void expectPoison(@Nullable Report instead, long number) {
        Expected poison = Expected.of(Expected.Kind.POISON);
        poison.instead = instead;
        poison.command = number;
        outlet.forward(POISON.duplicate());
        answers.expect(poison);
        open = true;
        flushed = false;
    }

    // Names.

    private @Nullable Prepared statement(String name) {
        Prepared here = segment.statement(name);
        return here != null ? here : names.statement(name);
    }

    private @Nullable Portal portal(String name) {
        Portal here = segment.portal(name);
        return here != null ? here : names.portal(name);
    }

    private static Report noStatement(String name) {
        return Report.error("26000", "prepared statement \"" + name + "\" does not exist");
    }

    private static Report noPortal(String name) {
        return Report.error("34000", "portal \"" + name + "\" does not exist");
    }

    private ByteBuf kept() {
        ByteBuf buffer = in;
        if (buffer == null) {
            throw new IllegalStateException("nothing is kept");
        }
        return buffer;
    }

    private boolean outstanding(ByteBuf buffer) {
        int at = buffer.readerIndex() + segment.bytes;
        int length = PostgresCodec.frameLength(buffer, at);
        return length < 0 || buffer.writerIndex() - at < length;
    }

    private static ByteBuf constant(FrontendMessage message) {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        return Unpooled.unreleasableBuffer(out).asReadOnly();
    }
}
