package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.SessionId;
import io.countersign.api.SignIn;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import io.countersign.core.Counters.Counter;
import io.countersign.core.LiveSession;
import io.countersign.core.Recorder;
import io.countersign.core.Valve;
import io.countersign.core.Valve.Reason;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One client's story from sign-in to the end: dials the target, then lets {@link Requests} and {@link Answers} talk, and
 * closes both sides together.
 *
 * <p>Confined to the event loop of the client's channel; the target's channel is on the same one.
 */
final class PostgresSession implements LiveSession.Conversation {

    private static final System.Logger LOG = System.getLogger(PostgresSession.class.getName());

    private final Channel client;
    private final Shared shared;
    private final Target target;
    private final PostgresTarget dialler;
    private final LiveSession live;
    private final Recorder recorder;
    private final SessionState state;
    private final Valve clientValve;
    private final CancelKeys.@Nullable Key cancelKey;

    private @Nullable Connected connected;
    private boolean started;
    private boolean closed;

    /** Opens the session's life; the target is dialled by {@link #dial}. */
    PostgresSession(Channel client, SignIn.Accepted accepted, int keyLength, Shared shared) {
        this.client = client;
        this.shared = shared;
        this.target = accepted.target();
        this.state = new SessionState(target.database());
        this.dialler = new PostgresTarget(target, shared.tls(), client.eventLoop(), shared.worker());
        this.live = new LiveSession(
                accepted.session(),
                shared.listener(),
                client.eventLoop(),
                shared.sessions(),
                shared.counters(),
                shared.clock(),
                this);
        this.recorder = new Recorder(
                accepted.session(),
                shared.listener().commands(),
                client.eventLoop(),
                shared.counters(),
                new Recorder.Watch() {
                    @Override
                    public void slow(boolean slow) {
                        if (connected != null) {
                            connected.targetValve().set(Reason.RECORDING_SLOW, slow);
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
                    live.guarded(() -> {
                        if (failure != null) {
                            unreachable(failure);
                        } else if (!closed) {
                            connected(dialled);
                        }
                    });
                    if (dialled != null && connected == null) {
                        dialled.channel().close();
                    }
                }));
    }

    /** From a CancelRequest with this session's key: a held command is withdrawn, a running one stopped at the target. */
    CompletionStage<Void> cancel() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        client.eventLoop().execute(() -> {
            if (live.waiting()) {
                live.withdraw();
                done.complete(null);
            } else if (connected != null && !closed && !connected.answers().asksForItself()) {
                dialler.cancel(connected.upstream()).thenRun(() -> done.complete(null));
            } else {
                done.complete(null);
            }
        });
        return done;
    }

    /** The client's connection is closed, whoever noticed. */
    void clientGone() {
        close("the client disconnected");
    }

    /** The gateway failed, and not a connection. */
    void failed(Throwable failure) {
        live.failed(failure);
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
        Connected both = Connected.of(this, dialled, client, target, shared, live, recorder, state);
        connected = both;
        dialled.parameters().forEach(state::report);
        if (state.pinned()) {
            both.begin(client);
        } else {
            unpinned();
        }
    }

    /** The target's first answer, to the gateway's own question, is there: the client may begin. */
    void start(ReadyForQuery.Status status) {
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

    /** For the log. */
    SessionId id() {
        return live.session().id();
    }

    boolean started() {
        return started;
    }

    boolean closed() {
        return closed;
    }

    /** Ends the session, with the reason as a FATAL error to the client. */
    void end(String sqlState, String message, String hint) {
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
    void close(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        if (cancelKey != null) {
            shared.keys().revoke(cancelKey);
        }
        if (connected != null) {
            connected.close();
        }
        recorder.flush();
        live.close(reason);
        client.writeAndFlush(client.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        if (connected != null) {
            connected.hangUp();
        }
    }

    // LiveSession.Conversation: what the policy side has decided.

    @Override
    public void permitted(Verdict.Permit permit) {
        if (insights().asking()) {
            insights().then(() -> permitted(permit));
            return;
        }
        insights().decided();
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
        insights().held(reads.asked(), hold.explain());
    }

    @Override
    public void refused(Verdict.Refuse refuse) {
        if (insights().asking()) {
            insights().then(() -> refused(refuse));
            return;
        }
        insights().decided();
        reading().refused(PostgresRefusal.of(refuse), refuse.cause() == Verdict.Cause.TRANSACTION_EXPIRED);
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

    /** The target reads texts in another way than the gateway does: nothing can be judged. */
    void unpinned() {
        end(
                "22023",
                "client_encoding must be UTF8 and standard_conforming_strings on behind this gateway",
                "Leave both as they are.");
    }

    /** Goes on with what may have waited. */
    void progressed() {
        if (!closed) {
            insights().progressed();
            reading().process();
            relieve();
        }
    }

    /** Reads the client again once what it sent ahead has shrunk. */
    void relieve() {
        if (connected != null && !closed) {
            clientValve.set(Reason.ENOUGH_KEPT, connected.requests().enoughKept());
        }
    }

    Requests reading() {
        return connected().requests();
    }

    Answers talking() {
        return connected().answers();
    }

    private Insights insights() {
        return connected().insights();
    }

    private Connected connected() {
        Connected both = connected;
        if (both == null) {
            throw new IllegalStateException("the session has not started");
        }
        return both;
    }
}
