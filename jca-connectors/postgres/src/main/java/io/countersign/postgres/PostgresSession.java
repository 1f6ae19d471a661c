package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.CommandListener;
import io.countersign.api.Content;
import io.countersign.api.Obligation;
import io.countersign.api.SignIn;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.LiveSession;
import io.countersign.core.LiveSessions;
import io.countersign.core.Recorder;
import io.countersign.core.Valve;
import io.countersign.core.Valve.Reason;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client's story from sign-in to the end: dials the target, then lets {@link Requests} and {@link Answers} talk, and
 * closes both sides together.
 *
 * <p>Confined to the event loop of the client's channel; the target's channel is on the same one.
 */
final class PostgresSession implements LiveSession.Conversation, Answers.Listener, Requests.Outlet {

    private static final System.Logger LOG = System.getLogger(PostgresSession.class.getName());

    /** What all sessions of one port share. */
    record Shared(
            CommandListener listener,
            LiveSessions sessions,
            Counters counters,
            InstantSource clock,
            PostgresEffects effects,
            Maskers maskers,
            Catalogues catalogues,
            CancelKeys keys,
            Executor worker) {}

    private final Channel client;
    private final Shared shared;
    private final Target target;
    private final PostgresTarget dialler;
    private final LiveSession live;
    private final Recorder recorder;
    private final SessionState state;
    private final Valve clientValve;
    private final CancelKeys.@Nullable Key cancelKey;

    private @Nullable Upstream upstream;
    private @Nullable Valve targetValve;
    private @Nullable Requests requests;
    private @Nullable Answers answers;
    private boolean started;
    private boolean unflushed;
    private boolean closed;

    /** Opens the session's life; the target is dialled by {@link #dial}. */
    PostgresSession(Channel client, SignIn.Accepted accepted, int keyLength, Shared shared) {
        this.client = client;
        this.shared = shared;
        this.target = accepted.target();
        this.state = new SessionState(target.database());
        this.dialler = new PostgresTarget(target, client.eventLoop(), shared.worker());
        this.live = new LiveSession(
                accepted.session(),
                shared.listener(),
                client.eventLoop(),
                shared.sessions(),
                shared.counters(),
                shared.clock(),
                this);
        this.recorder = new Recorder(accepted.session(), shared.listener(), client.eventLoop(), new Recorder.Watch() {
            @Override
            public void slow(boolean slow) {
                if (targetValve != null) {
                    targetValve.set(Reason.RECORDING_SLOW, slow);
                }
            }

            @Override
            public void failed(Throwable failure) {
                LOG.log(Level.ERROR, "session " + live.session().id() + ": its recording failed", failure);
                shared.counters().up(Counter.RECORDINGS_FAILED_TOTAL);
                end(
                        "58030",
                        "the session's recording cannot be written",
                        "Nothing goes on unrecorded. Connect again later.");
            }
        });
        this.clientValve = new Valve(client);
        this.cancelKey = shared.keys().issue(this, keyLength);
    }

    void dial(StartParameters parameters) {
        dialler.dial(parameters.settings())
                .whenComplete((dialled, failure) -> client.eventLoop().execute(() -> {
                    if (failure != null) {
                        unreachable(failure);
                    } else if (closed) {
                        dialled.channel().close();
                    } else {
                        connected(dialled);
                    }
                }));
    }

    /** From a CancelRequest with this session's key: a held command is withdrawn, a running one stopped at the target. */
    void cancel() {
        client.eventLoop().execute(() -> {
            if (live.waiting()) {
                live.withdraw();
            } else if (upstream != null && !closed) {
                dialler.cancel(upstream.processId(), upstream.key());
            }
        });
    }

    /** The client's connection is closed, whoever noticed. */
    void clientGone() {
        close("the client disconnected");
    }

    private void unreachable(Throwable failure) {
        LOG.log(
                Level.WARNING,
                "session {0}: {1}: {2}",
                live.session().id(),
                failure.getMessage(),
                failure.getCause() == null
                        ? "no more is known"
                        : String.valueOf(failure.getCause().getMessage()));
        shared.counters().up(Counter.TARGETS_UNREACHABLE_TOTAL);
        end("08001", String.valueOf(failure.getMessage()), "Ask the gateway's operators; their log says more.");
    }

    private void connected(Upstream dialled) {
        upstream = dialled;
        Channel channel = dialled.channel();
        Valve valve = new Valve(channel);
        Answers talk = new Answers(
                client, valve, recorder, shared.counters(), shared.catalogues().of(target), state, this);
        Requests reads = new Requests(client, talk, state, shared.effects(), live, recorder, this);
        targetValve = valve;
        answers = talk;
        requests = reads;
        dialled.parameters().forEach(state::report);
        if (!state.pinned()) {
            unpinned();
            return;
        }
        channel.pipeline().addLast("session", new TargetSide());
        channel.pipeline().remove("login");
        client.pipeline().addLast("session", new ClientSide());
        reads.probe();
        flush();
        channel.config().setAutoRead(true);
    }

    /** The target's first answer, to the gateway's own question, is there: the client may begin. */
    private void start(ReadyForQuery.Status status) {
        started = true;
        Answers talk = talking();
        talk.say(new Authentication.Ok(), 0);
        state.parameters().forEach((name, value) -> talk.say(new ParameterStatus(name, value), 0));
        if (cancelKey != null) {
            talk.say(new BackendKeyData(cancelKey.processId(), cancelKey.secret()), 0);
        }
        talk.say(new ReadyForQuery(status), 0);
        talk.flush();
    }

    /** Ends the session, with the reason as a FATAL error to the client. */
    @Override
    public void end(String sqlState, String message, String hint) {
        if (closed) {
            return;
        }
        client.write(PostgresCodec.encode(
                client.alloc(), Report.fatal(sqlState, message).hint(hint)));
        if (sqlState.equals("08P01")) {
            shared.counters().up(Counter.FRAMES_REFUSED_TOTAL);
            LOG.log(
                    Level.WARNING,
                    "session {0} from {1}: {2}",
                    live.session().id(),
                    live.session().client(),
                    message);
        }
        close(message);
    }

    /** Closes both sides. What is kept and not yet judged is dropped; what runs may or may not be carried out. */
    private void close(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (cancelKey != null) {
            shared.keys().revoke(cancelKey);
        }
        if (requests != null) {
            requests.close();
        }
        if (answers != null) {
            answers.close();
        }
        recorder.flush();
        live.close(reason);
        client.writeAndFlush(client.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        if (upstream != null) {
            upstream.channel()
                    .writeAndFlush(PostgresCodec.encode(client.alloc(), (FrontendMessage) Signal.TERMINATE))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    // LiveSession.Conversation: what the policy side has decided.

    @Override
    public void permitted(Verdict.Permit permit) {
        reading().permitted(permit);
        relieve();
    }

    @Override
    public void held(Verdict.Hold hold) {
        Requests reads = reading();
        if (reads.pointless()) {
            live.withdraw();
            return;
        }
        reads.settle();
        talking().say(PostgresRefusal.of(hold), reads.askedNumber());
        talking().flush();
        recorder.flush();
    }

    @Override
    public void refused(Verdict.Refuse refuse) {
        reading().refused(PostgresRefusal.of(refuse));
        relieve();
    }

    @Override
    public Command heldCommand() {
        return reading().heldCommand();
    }

    @Override
    public void ended(String reason) {
        end("57P01", reason, "Sign in again.");
    }

    // Requests.Outlet: what the client's side needs.

    @Override
    public void forward(ByteBuf bytes) {
        Upstream to = upstream;
        if (to == null) {
            bytes.release();
            return;
        }
        unflushed = true;
        to.channel().write(bytes, to.channel().voidPromise());
    }

    @Override
    public boolean writable() {
        return upstream != null && upstream.channel().isWritable();
    }

    @Override
    public void flush() {
        if (unflushed && upstream != null) {
            unflushed = false;
            upstream.channel().flush();
        }
    }

    @Override
    public void running(
            long number, Reading reading, Content content, Verdict.Permit permit, Consumer<Requests.Grant> granted) {
        AnswerMask mask = AnswerMask.NONE;
        long limit = Long.MAX_VALUE;
        for (Obligation obligation : permit.obligations()) {
            switch (obligation) {
                case Obligation.MaskAnswer masks -> mask = shared.maskers().of(masks);
                case Obligation.LimitRows rows -> limit = Math.min(limit, rows.rows());
            }
        }
        Catalogue.Asked relations =
                Catalogue.Asked.byName(mask.selectsColumns() ? AnswerMask.relations(content) : Set.of());
        Catalogue catalogue = shared.catalogues().of(target);
        AnswerMask hidden = mask;
        long most = limit;
        if (catalogue.knows(relations)) {
            granted.accept(grant(number, reading, content, hidden, most, catalogue));
            return;
        }
        catalogue
                .load(relations)
                .whenComplete((done, failure) -> client.eventLoop().execute(() -> {
                    if (closed) {
                        return;
                    }
                    if (failure == null) {
                        granted.accept(grant(number, reading, content, hidden, most, catalogue));
                    } else {
                        LOG.log(
                                Level.ERROR,
                                "session " + live.session().id() + ": the target's catalogue does not answer",
                                failure);
                        granted.accept(new Requests.Grant.Impossible(
                                Report.error("58000", "the gateway cannot learn which columns this command could show")
                                        .hint("Nothing was forwarded. Try again, or ask the gateway's operators.")));
                    }
                }));
    }

    private Requests.Grant grant(
            long number, Reading reading, Content content, AnswerMask mask, long limit, Catalogue catalogue) {
        AnswerMask.Reach reach =
                mask.selectsColumns() ? mask.reach(content, catalogue::table) : AnswerMask.Reach.NOTHING;
        Optional<Report> refusal = mask.refusal(content, reach);
        if (refusal.isPresent()) {
            return new Requests.Grant.Impossible(refusal.get());
        }
        Optional<CopyMask> copyMask = Optional.empty();
        if (reading.has("COPY") && !mask.none()) {
            copyMask = reach.any().isPresent() || mask.computes(content)
                    ? copyMask(reading, mask, catalogue)
                    : Optional.of(CopyMask.detecting(mask.masker()));
            if (copyMask.isEmpty()) {
                return new Requests.Grant.Impossible(Report.error(
                                "0A000",
                                "this COPY cannot be shown: values in it must be masked, and their places are not"
                                        + " known")
                        .hint("Copy a table as COPY table (columns) TO STDOUT in text or CSV format, or use SELECT."));
            }
        }
        return new Requests.Grant.Given(new Running(number, reading, content, mask, reach, copyMask, limit));
    }

    /** Where the text is plain and the table known, every field's column is. What is copied in shows nothing. */
    private Optional<CopyMask> copyMask(Reading reading, AnswerMask mask, Catalogue catalogue) {
        boolean out = reading.statements().stream()
                .anyMatch(statement -> statement.effects().stream()
                        .anyMatch(effect -> effect.action().equals("sql:copy-to")));
        if (!out) {
            return Optional.of(CopyMask.detecting(mask.masker()));
        }
        return CopyShape.of(reading.text())
                .flatMap(shape -> table(shape.table(), catalogue)
                        .map(table -> new CopyMask(
                                mask.masker(),
                                (shape.columns().isEmpty() ? table.copied() : shape.columns())
                                        .stream()
                                                .map(column -> mask.column(table, column))
                                                .toList(),
                                shape.csv(),
                                shape.header())));
    }

    private Optional<Catalogue.Table> table(List<String> name, Catalogue catalogue) {
        List<String> schemas = name.size() == 2 ? List.of(name.getFirst()) : state.schemas();
        return schemas.stream()
                .flatMap(schema ->
                        Optional.ofNullable(catalogue.table(new Catalogue.Name(schema, name.getLast()))).stream())
                .findFirst();
    }

    @Override
    public void terminate() {
        close("the client ended it");
    }

    // Answers.Listener: what the target says.

    @Override
    public void finished(Running running) {
        if (running.finished) {
            return;
        }
        running.finished = true;
        if (running.number > 0) {
            live.finished(
                    running.number,
                    running.status,
                    running.detail,
                    running.counted > 0 ? running.counted : running.rows,
                    running.bytes,
                    Duration.ofNanos(running.nanos()));
        }
        if (requests != null) {
            requests.finished();
        }
    }

    @Override
    public void ready(ReadyForQuery.Status status) {
        if (!started) {
            state.ready(status);
            start(status);
            return;
        }
        reading().ready(status);
    }

    @Override
    public void failed() {
        reading().failed();
    }

    @Override
    public void copyIn() {
        reading().copyIn();
    }

    @Override
    public void parameter(ParameterStatus status) {
        state.report(status.name(), status.value());
        if (!state.pinned()) {
            unpinned();
        }
    }

    @Override
    public void named(String name, @Nullable Prepared prepared) {
        reading().names().named(name, prepared);
    }

    @Override
    public void carriedOut(Running running, int place, String tag) {
        reading().names().carriedOut(running, place);
        if (tag.startsWith("ALTER") || tag.startsWith("DROP") || tag.startsWith("CREATE")) {
            shared.catalogues().of(target).forget();
        }
    }

    @Override
    public void progressed() {
        reading().process();
        relieve();
    }

    @Override
    public void poison(boolean sync) {
        reading().poison(sync);
    }

    private void unpinned() {
        end(
                "22023",
                "client_encoding must be UTF8 and standard_conforming_strings on behind this gateway",
                "Leave both as they are.");
    }

    /** Reads the client again once what it sent ahead has shrunk. */
    private void relieve() {
        if (requests != null && !closed) {
            clientValve.set(Reason.ENOUGH_KEPT, requests.enoughKept());
        }
    }

    private Requests reading() {
        Requests reads = requests;
        if (reads == null) {
            throw new IllegalStateException("the session has not started");
        }
        return reads;
    }

    private Answers talking() {
        Answers talk = answers;
        if (talk == null) {
            throw new IllegalStateException("the session has not started");
        }
        return talk;
    }

    /** The client's channel. */
    private final class ClientSide extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            shared.counters().add(Counter.BYTES_FROM_CLIENTS_TOTAL, bytes.readableBytes());
            if (closed || !started) {
                // Nothing may be said before the first ReadyForQuery (54.2.1).
                bytes.release();
                end("08P01", "the client spoke before its session was ready", "");
                return;
            }
            reading().read(bytes);
            relieve();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (targetValve != null) {
                targetValve.set(Reason.PEER_SLOW, !context.channel().isWritable());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.log(Level.DEBUG, "session " + live.session().id() + ": client side", cause);
            close("the client's connection broke: " + cause.getMessage());
        }
    }

    /** The target's channel. */
    private final class TargetSide extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            talking().read((ByteBuf) message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext context) {
            talking().flush();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            if (context.channel().isWritable() && !closed) {
                progressed();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            end("08006", "the target closed the connection", "Connect again.");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            LOG.log(Level.DEBUG, "session " + live.session().id() + ": target side", cause);
            end("08006", "the connection to the target broke", "Connect again.");
        }
    }
}
