package io.countersign.postgres;

import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import org.jspecify.annotations.Nullable;

/** What the session's other parts learn from the target ({@link Answers}). */
interface AnswerListener {

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

    /** A portal was not made after all. */
    void unbound(Portal portal);

    /** A statement carried out by a simple query, by its place in the text. */
    void carriedOut(Running running, int place, String tag);

    /** What has arrived is dealt with: whoever waits for an answer may look. */
    void progressed();

    /** Make the target's session fail as the client was told it has. */
    void poison(boolean sync);

    void end(String sqlState, String message, String hint);
}
