package io.countersign.core;

import io.countersign.api.Burst;
import io.countersign.api.Command;
import io.countersign.api.CommandListener;
import io.countersign.api.Commands;
import io.countersign.api.Digest;
import io.countersign.api.Insight;
import io.countersign.api.Outcome;
import io.countersign.api.Session;
import io.countersign.api.Turn;
import io.countersign.api.Verdict;
import io.countersign.core.Counters.Counter;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The life of one accepted session, whatever its protocol: a command is judged, perhaps held, released exactly once; the
 * session ends when its time is up, when somebody ends it or when the client goes, and says so exactly once.
 *
 * <p>Confined to the session's event loop, but for {@link #release} and {@link #end}. One command at a time.
 */
public final class LiveSession {

    private static final System.Logger LOG = System.getLogger(LiveSession.class.getName());

    /** What the protocol does once the policy side has spoken. Called on the event loop, never after closing. */
    public interface Conversation {

        /** Forward the command, meeting every obligation. */
        void permitted(Verdict.Permit permit);

        /** Tell the client that it waits, and for whom. */
        void held(Verdict.Hold hold);

        void refused(Verdict.Refuse refuse);

        /** The command as forwarding would now have it: read again from the very bytes that are held. */
        Command heldCommand();

        /** Close, with the reason as the protocol's own error. */
        void ended(String reason);
    }

    /** A command between judge and its final verdict. */
    private static final class Pending {
        final Command command;
        final AtomicBoolean released = new AtomicBoolean();
        boolean held;
        boolean giveUp;

        @Nullable
        Runnable early;

        Pending(Command command) {
            this.command = command;
        }
    }

    private final Session session;
    private final CommandListener listener;
    private final Commands commands;
    private final EventLoop loop;
    private final LiveSessions others;
    private final Counters counters;
    private final Conversation conversation;
    private final @Nullable Future<?> deadline;
    private volatile @Nullable Pending pending;
    private boolean closed;

    /** Opens it: from now on it can be released and ended by name. */
    public LiveSession(
            Session session,
            CommandListener listener,
            EventLoop loop,
            LiveSessions others,
            Counters counters,
            InstantSource clock,
            Conversation conversation) {
        this.session = session;
        this.listener = listener;
        this.commands = listener.commands();
        this.loop = loop;
        this.others = others;
        this.counters = counters;
        this.conversation = conversation;
        this.deadline = deadline(clock);
        others.add(this);
        counters.up(Counter.SESSIONS_OPEN);
        counters.up(Counter.SESSIONS_TOTAL);
    }

    public Session session() {
        return session;
    }

    /** Whether a command waits for its final verdict. */
    public boolean waiting() {
        return pending != null;
    }

    /** Asks for the verdict; one of the conversation's methods is called with it, now or later. */
    public void judge(Command command) {
        if (pending != null) {
            throw new IllegalStateException("command " + command.number() + " must wait for the one before");
        }
        Pending asked = new Pending(command);
        pending = asked;
        CompletionStage<Verdict> stage;
        try {
            Turn.on(loop);
            stage = commands.judge(command);
        } catch (RuntimeException e) {
            judged(asked, null, e);
            return;
        }
        stage.whenComplete((verdict, failure) -> {
            if (loop.inEventLoop()) {
                guarded(() -> judged(asked, verdict, failure));
            } else {
                later(() -> judged(asked, verdict, failure));
            }
        });
    }

    /** The requester gives the command up that is waiting, if one is. The answer comes as a verdict. */
    public void withdraw() {
        Pending waiting = pending;
        if (waiting != null && waiting.held) {
            guarded(() -> commands.withdraw(session, waiting.command.number()));
        } else if (waiting != null) {
            waiting.giveUp = true;
        }
    }

    /** @see io.countersign.api.GatewayConnection#release */
    boolean release(long command, Digest digest, Verdict verdict) {
        Pending waiting = pending;
        if (waiting == null || waiting.command.number() != command || !waiting.released.compareAndSet(false, true)) {
            return false;
        }
        later(() -> released(waiting, digest, verdict));
        return true;
    }

    void end(String reason) {
        loop.execute(() -> {
            if (!closed) {
                conversation.ended(reason);
            }
        });
    }

    /** What the target says of the held command, for whoever decides it; one who does not get it decides without. */
    public void observed(long command, List<Insight> insights) {
        try {
            commands.observed(session, command, insights);
        } catch (RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "session " + session.id() + ": what the target says of command " + command + " is not shown",
                    e);
        }
    }

    /** How a forwarded command has ended, as {@link Outcome} has it. The session ends where that cannot be recorded. */
    public void finished(long command, Outcome.Status status, String detail, long rows, long bytes, Duration elapsed) {
        try {
            commands.finished(new Outcome(session, command, status, detail, rows, bytes, elapsed));
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "session " + session.id() + ": outcome of command " + command + " not recorded", e);
            if (!closed) {
                conversation.ended("the gateway cannot record what happens at the moment");
            }
        }
    }

    /** The conversation is over. Idempotent. */
    public void close(String reason) {
        if (closed) {
            return;
        }
        closed = true;
        Pending waiting = pending;
        pending = null;
        if (waiting != null && waiting.held) {
            counters.down(Counter.HELD_NOW);
        }
        if (deadline != null) {
            deadline.cancel(false);
        }
        counters.down(Counter.SESSIONS_OPEN);
        try {
            listener.closed(session, reason);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "session " + session.id() + ": its end (" + reason + ") was not recorded", e);
        } finally {
            others.remove(this);
        }
    }

    private void judged(Pending asked, @Nullable Verdict verdict, @Nullable Throwable failure) {
        if (closed || pending != asked) {
            return;
        }
        if (failure != null || verdict == null) {
            LOG.log(
                    Level.ERROR,
                    "session " + session.id() + ": command " + asked.command.number() + " not judged",
                    failure);
            decided(asked, unavailable("The gateway cannot judge or record commands at the moment."));
        } else if (verdict instanceof Verdict.Hold hold) {
            asked.held = true;
            counters.up(Counter.HELD_NOW);
            counters.up(Counter.COMMANDS_HELD_TOTAL);
            conversation.held(hold);
            if (asked.early != null) {
                asked.early.run();
            } else if (asked.giveUp) {
                commands.withdraw(session, asked.command.number());
            }
        } else {
            decided(asked, verdict);
        }
    }

    private void released(Pending waiting, Digest digest, Verdict verdict) {
        if (closed || pending != waiting) {
            return;
        }
        if (!waiting.held) {
            // The decision was quicker than the word that it is needed; take them in order.
            waiting.early = () -> released(waiting, digest, verdict);
            return;
        }
        decided(
                waiting,
                switch (verdict) {
                    case Verdict.Permit permit when same(waiting, digest) -> permit;
                    case Verdict.Permit permit ->
                        unavailable(
                                "What was approved is not what would run now: its bytes or the session's state differ.");
                    case Verdict.Hold hold -> unavailable("A held command cannot be held again.");
                    case Verdict.Refuse refuse -> refuse;
                });
    }

    /** Digests compare in constant time. All three must agree: approved, as judged, and as the held bytes say now. */
    private boolean same(Pending waiting, Digest approved) {
        return approved.equals(waiting.command.digest())
                && approved.equals(conversation.heldCommand().digest());
    }

    private void decided(Pending asked, Verdict verdict) {
        if (asked.held) {
            counters.down(Counter.HELD_NOW);
        }
        pending = null;
        switch (verdict) {
            case Verdict.Permit permit -> {
                counters.up(Counter.COMMANDS_PERMITTED_TOTAL);
                conversation.permitted(permit);
            }
            case Verdict.Refuse refuse -> {
                counters.up(Counter.COMMANDS_REFUSED_TOTAL);
                conversation.refused(refuse);
            }
            case Verdict.Hold hold -> throw new IllegalStateException("a hold decides nothing");
        }
    }

    /** On the event loop, in order; many verdicts that come at once wake it once. */
    private void later(Runnable step) {
        if (loop instanceof AbstractEventExecutor lazy) {
            lazy.lazyExecute(() -> guarded(step));
            Burst.wake(new Waking(loop));
        } else {
            loop.execute(() -> guarded(step));
        }
    }

    private record Waking(EventLoop loop) implements Runnable {

        private static final Runnable NOTHING = () -> {};

        /** Others wait for theirs in the same burst: a loop that has ended, and its sessions with it, must not stop that. */
        @Override
        public void run() {
            try {
                loop.execute(NOTHING);
            } catch (RejectedExecutionException e) {
                LOG.log(Level.DEBUG, "an event loop has ended before its sessions were told", e);
            }
        }
    }

    /** Does what the session waits for: what fails there would otherwise leave its client waiting for ever. */
    public void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    /** The gateway itself has failed: how the conversation would go on is not known any more, so it ends. */
    public void failed(Throwable failure) {
        LOG.log(Level.ERROR, "session " + session.id() + " cannot go on", failure);
        if (!closed) {
            counters.up(Counter.SESSIONS_FAILED_TOTAL);
            conversation.ended("the gateway failed; its log says more");
        }
    }

    private static Verdict.Refuse unavailable(String reason) {
        return new Verdict.Refuse(
                Verdict.Cause.UNAVAILABLE,
                "",
                reason,
                "Nothing was forwarded. Try again, or ask the gateway's operators.");
    }

    private @Nullable Future<?> deadline(InstantSource clock) {
        if (session.until().equals(Instant.MAX)) {
            return null;
        }
        long left =
                Math.max(0, Duration.between(clock.instant(), session.until()).toMillis());
        return loop.schedule(
                () -> {
                    if (!closed) {
                        conversation.ended("the session's time is up: its token expired at " + session.until());
                    }
                },
                left,
                TimeUnit.MILLISECONDS);
    }
}
