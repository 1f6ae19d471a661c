package io.countersign.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a connector asks about the commands of accepted sessions, and tells of them: the way of every command, so it leads
 * past the container.
 *
 * <p>All methods may be called from any thread and none blocks. A stage that completes exceptionally, like a thrown
 * exception, means <em>refused</em>: the connector must not forward.
 */
public interface Commands {

    /**
     * Judges one command. The stage completes once command and decision are durable: {@link Verdict.Permit} may be
     * forwarded, {@link Verdict.Refuse} must not, {@link Verdict.Hold} waits for {@link GatewayConnection#release}.
     */
    CompletionStage<Verdict> judge(Command command);

    /** What the target says of a held command. Told at most once for each, and not waited for. */
    void observed(Session session, long command, List<Insight> insights);

    /** The requester gave up a held command (for PostgreSQL: CancelRequest). The answer comes by {@code release}. */
    void withdraw(Session session, long command);

    /** How a forwarded command ended. Recorded, not waited for. */
    void finished(Outcome outcome);

    /**
     * Appends to the session's recording, in the order of calls for one session. The connector stops reading while
     * more than its own limit of bytes awaits completion.
     */
    CompletionStage<Void> recorded(Session session, List<Frame> frames);
}
