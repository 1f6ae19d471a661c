package io.countersign.postgres;

import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.sql.Statement;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a session stands between two Syncs (54.2.3, 54.2.4 "Pipelining"): whether a cycle is open, whether the target skips
 * to Sync, whether COPY data is due, and whether the session's state is known as the next command will find it.
 *
 * <p>A refused command must leave the target's session as a failed one would: the transaction failed, and everything up to
 * the next Sync ignored. So the target is made to fail, and the client gets the refusal in place of that error (see
 * {@link OwnMessages#poison}).
 *
 * <p>Confined to the session's event loop.
 */
final class Pipeline {

    private final Answers answers;
    private final SessionState state;
    private final SessionNames names;
    private final SnapshotWatch watch;
    private final OwnMessages own;

    private Status presumed = Status.IDLE;
    private boolean open;
    private boolean barrier;
    private boolean flushed;
    private boolean unpinned;

    /** Code that nobody sees was called, and may have changed how texts are read: the target reports that only after Sync. */
    private boolean doubtful;

    private boolean skipping;
    private boolean copying;
    private boolean copyDue;

    /** A simple query copies, perhaps more than once. */
    private boolean copies;

    /** Names of the session's own are made or taken by what is not answered yet. */
    private boolean naming;

    Pipeline(Answers answers, SessionState state, SessionNames names, SnapshotWatch watch, Outlet outlet) {
        this.answers = answers;
        this.state = state;
        this.names = names;
        this.watch = watch;
        this.own = new OwnMessages(answers, state, outlet);
    }

    /** The transaction's status that the next command finds, if nothing fails before it (then it is not run at all). */
    Status presumed() {
        return presumed;
    }

    /** Whether something was forwarded that no Sync has ended yet. */
    boolean open() {
        return open;
    }

    /** Whether everything up to Sync is ignored. */
    boolean skipping() {
        return skipping;
    }

    boolean copying() {
        return copying;
    }

    /** Whether the target must first say if it takes COPY data. */
    boolean copyDue() {
        return copyDue;
    }

    /** Whether texts may be read in another way than believed: the target reports its settings only after Sync. */
    boolean unpinned() {
        return unpinned && open;
    }

    // What the target's side tells.

    void ready(Status status) {
        state.ready(status);
        presumed = status;
        if (status == Status.IDLE) {
            names.transactionEnded();
        }
    }

    /** The target ignores everything until Sync; so do we. */
    void failed() {
        skipping = true;
        barrier = false;
        copying = false;
        copyDue = false;
    }

    void copyIn() {
        copying = true;
        copyDue = false;
    }

    void finished(Running running) {
        if (running.reading.has("COPY")) {
            copying = false;
            copyDue = false;
            copies = false;
        }
    }

    // What the client's side does.

    /** The client's data is through; the target's answer is not needed to know, but whether it asks for more is its to say. */
    void copied() {
        copying = false;
        copyDue = copies;
    }

    /** Messages of the extended protocol are on their way. */
    void forwarded() {
        open = true;
        flushed = false;
    }

    /** A simple query is on its way: it ends with a Sync of its own. */
    void queried(Reading reading) {
        open = false;
        copies = reading.has("COPY");
        copyDue = copies;
        touch(reading);
    }

    void executed(Running running, Reading reading) {
        presume(reading);
        touch(reading);
        if (running.limit < Long.MAX_VALUE) {
            barrier = true;
        }
        copyDue = reading.has("COPY");
        if (copyDue) {
            own.flush();
        }
    }

    /** The client's own Sync is on its way. */
    void synced() {
        answers.expect(Expected.of(Expected.Kind.SYNC));
        skipping = false;
        open = false;
        barrier = false;
        doubtful = false;
    }

    void skip() {
        skipping = true;
    }

    /**
     * Whether the session's state is known, as the next command will find it: no answer is due that could change it.
     * Where it is not, whatever brings it about is started.
     */
    boolean settled() {
        if (answers.inCycle()) {
            return false;
        }
        if (unpinned && !open) {
            // The target has reported what it is set to; had that been wrong, the session would have ended.
            unpinned = false;
        }
        if (doubtful && open) {
            state.touch();
        }
        doubtful = false;
        if (barrier || (state.stale() && presumed != Status.FAILED)) {
            if (!answers.idle()) {
                return await();
            }
            barrier = false;
        }
        if (state.stale() && presumed != Status.FAILED) {
            probe();
            return false;
        }
        return watch.settled();
    }

    /** Whether it is known what the session's own names mean; where it is not, the answers that say so are asked for. */
    boolean named() {
        if (naming && !answers.idle()) {
            return await();
        }
        naming = false;
        return true;
    }

    /** Whether everything that was forwarded is answered. */
    boolean answered() {
        return answers.idle();
    }

    /** Everything that was forwarded must be answered first; without a Sync the target needs to be asked to. */
    boolean await() {
        if (!answers.inCycle() && !flushed) {
            flushed = true;
            own.flush();
        }
        return false;
    }

    /** Whether the target keeps a transaction open while the next command waits: a block, or what no Sync has ended. */
    boolean inTransaction() {
        return presumed != Status.IDLE || open;
    }

    /**
     * Ends the transaction block at the target, whatever savepoints it has, and leaves one like it open: nothing is locked any
     * more, and a failure now leaves what the client believes it is in.
     */
    void rollBack() {
        if (presumed != Status.IDLE) {
            own.rollBack();
        }
    }

    /** Asks something of the gateway's own, with a Sync at its end; what the client has open must outlast that. */
    void ask(ByteBuf messages, int statements, OwnCycle cycle) {
        own.ask(messages, statements, cycle);
    }

    /** Asks for the session's state. */
    void probe() {
        own.probe(open);
    }

    /** Makes the target fail what the client was told has failed. */
    void poison(boolean sync) {
        poison(null, 0);
        if (sync) {
            own.sync();
        } else {
            skipping = true;
        }
    }

    /** @param instead what the client is told; null where it was told already */
    void poison(@Nullable Report instead, long number) {
        own.poison(instead, number);
        open = true;
        flushed = false;
    }

    /** As {@link #poison(Report, long)}, for a simple query, whose cycle ends with it. */
    void poisonQuery(Report instead, long number) {
        poison(instead, number);
        own.sync();
        open = false;
    }

    /** One message whose first statements change what names in its later ones mean cannot be judged as a whole. */
    Optional<Report> confusing(Reading reading) {
        boolean renamed = false;
        for (Statement statement : reading.statements()) {
            if (renamed && (PostgresEffects.needsSchemas(statement) || watch.ambiguous(statement))) {
                return Optional.of(Report.error(
                                "0A000",
                                "a message that changes the session's settings cannot go on to statements that depend"
                                        + " on them")
                        .hint("Send the statements one by one, or name tables with their schema."));
            }
            renamed |= Aftermath.renames(statement, names) || undoes(statement);
        }
        return Optional.empty();
    }

    /** Whether it may take back what the transaction has changed of the session's state. */
    private boolean undoes(Statement statement) {
        return state.touched()
                && (statement.kind().startsWith("COMMIT") || statement.kind().startsWith("ROLLBACK"));
    }

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
            if (Aftermath.unsettles(statement, state.reportsSearchPath(), names) || undoes(statement)) {
                state.touch();
                barrier = true;
            }
            unpinned |= Aftermath.unpins(statement);
            naming |= SessionNames.changes(statement);
            doubtful |= open && !statement.calls().isEmpty();
        }
    }
}
