package io.countersign.postgres;

import io.countersign.api.Command;
import io.countersign.api.Frame.Direction;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import io.countersign.core.LiveSession;
import io.countersign.core.Recorder;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Has one command at a time judged, and does with it what the verdict says: what is kept of it is forwarded or dropped.
 * Confined to the session's event loop.
 */
final class Judging {

    private final Kept kept;
    private final Pipeline pipeline;
    private final Forwarding forwarding;
    private final Refusing refusing;
    private final PostgresEffects effects;
    private final SessionState state;
    private final SessionNames names;
    private final SnapshotWatch watch;
    private final LiveSession live;
    private final Recorder recorder;
    private final Outlet outlet;
    private final Consumer<Permitted> whenPermitted;

    private long commands;
    private @Nullable Asked asked;

    /** @param goOn what to do once a permitted command is dealt with, which may be later than its verdict */
    Judging(
            Kept kept,
            Pipeline pipeline,
            Forwarding forwarding,
            Refusing refusing,
            PostgresEffects effects,
            SessionState state,
            SessionNames names,
            SnapshotWatch watch,
            LiveSession live,
            Recorder recorder,
            Outlet outlet,
            Runnable goOn) {
        this.kept = kept;
        this.pipeline = pipeline;
        this.forwarding = forwarding;
        this.refusing = refusing;
        this.effects = effects;
        this.state = state;
        this.names = names;
        this.watch = watch;
        this.live = live;
        this.recorder = recorder;
        this.outlet = outlet;
        this.whenPermitted = permitted -> {
            carryOut(permitted);
            goOn.run();
        };
    }

    /** Whether a verdict is awaited: nothing else goes on until it is there. */
    boolean waiting() {
        return asked != null;
    }

    /** The last command's number, 0 before the first. */
    long commands() {
        return commands;
    }

    /** The number of the command that waits, 0 where none does. */
    long askedNumber() {
        return asked == null ? 0 : asked.number();
    }

    /** What could not be read is never forwarded: nobody needs to wait for its approval. */
    boolean pointless() {
        return asked != null && asked.reading().error().isPresent();
    }

    /** @param bytes how many of the kept ones make up the command */
    void ask(Command.Phase phase, int bytes, Reading reading, @Nullable Portal portal, @Nullable Execute execute) {
        PostgresEffects.Read read = effects.content(reading, state.schemas(), names, watch.known());
        Asked now = new Asked(++commands, bytes, phase, reading, read.content(), portal, execute);
        asked = now;
        ByteBuf buffer = kept.bytes();
        recorder.write(Direction.FROM_CLIENT, now.number(), buffer.slice(buffer.readerIndex(), bytes));
        live.judge(new Command(
                live.session(),
                now.number(),
                phase,
                read.content(),
                now.binds(),
                read.told(state.described(pipeline.presumed())),
                pipeline.inTransaction()));
    }

    /** The command that forwarding would carry out now, read again from the bytes that are kept. */
    Command heldCommand() {
        Asked held = asked();
        Asked.Again again = held.readAgain(kept.bytes());
        // What it would do counts as well: a view may have been made anew while it waited.
        PostgresEffects.Read read = effects.content(held.reading(), state.schemas(), names, watch.newest());
        return new Command(
                live.session(),
                held.number(),
                held.phase(),
                again.content(),
                again.binds(),
                read.told(state.described(pipeline.presumed())),
                pipeline.inTransaction());
    }

    void permitted(Verdict.Permit permit) {
        Asked done = asked();
        Optional<Report> unreadable = done.reading().error().map(PostgresRefusal::of);
        if (unreadable.isPresent()) {
            whenPermitted.accept(new Permitted.Impossible(unreadable.get()));
        } else {
            outlet.running(
                    done.number(), done.reading(), done.content(), names.masked(permit, done.reading()), whenPermitted);
        }
    }

    /** @param rollBack whether nothing of the transaction may stay open that it waited in */
    void refused(Report report, boolean rollBack) {
        Asked done = asked();
        asked = null;
        if (pipeline.skipping()) {
            refusing.dropped(done);
        } else {
            if (rollBack) {
                pipeline.rollBack();
            }
            refusing.command(
                    done, done.reading().error().map(PostgresRefusal::of).orElse(report));
        }
    }

    private void carryOut(Permitted permitted) {
        Asked done = asked();
        asked = null;
        if (pipeline.skipping()) {
            never(done, "25P02");
            refusing.dropped(done);
            return;
        }
        switch (permitted) {
            case Permitted.Impossible(Report refusal) -> {
                never(done, refusal.sqlState());
                refusing.command(done, refusal);
            }
            case Permitted.Possible(Running running) -> forward(done, running);
        }
    }

    private void forward(Asked done, Running running) {
        Execute execute = done.execute();
        Portal portal = done.portal();
        if (done.phase() == Command.Phase.PREPARE) {
            running.detail = "PREPARE";
            forwarding.segment(done.number(), running);
        } else if (execute != null) {
            forwarding.execute(done, running, execute);
        } else if (portal != null) {
            call(done, running, portal);
        } else {
            forwarding.query(done, running);
        }
    }

    /** Where nothing of the answer could be shown, the function is not even called: nobody would know that it was. */
    private void call(Asked done, Running running, Portal portal) {
        if (Shown.hidesEverything(running, portal)) {
            never(done, Shown.HIDDEN.sqlState());
            refusing.command(done, Shown.HIDDEN);
        } else {
            running.detail = "FUNCTION CALL";
            forwarding.call(done, running, portal);
        }
    }

    /** Permitted, and not carried out all the same. */
    private void never(Asked done, String sqlState) {
        live.finished(done.number(), Outcome.Status.FAILED, sqlState, 0, 0, Duration.ZERO);
    }

    /** The command that waits. */
    Asked asked() {
        Asked waiting = asked;
        if (waiting == null) {
            throw new IllegalStateException("no command waits for a verdict");
        }
        return waiting;
    }
}
