package io.countersign.api;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * What a connector asks of the policy side: the message listener type of every Countersign resource adapter
 * (Jakarta Connectors 2.1, chapter 13), implemented by one message-driven bean.
 *
 * <p>All methods may be called from any thread; those that return a stage never block the caller. A stage that completes
 * exceptionally, like a thrown exception, means <em>refused</em>: the connector must not forward.
 */
public interface CommandListener {

    /**
     * Authenticates a connection and opens its session. May block (it may fetch an issuer's keys): call it from a
     * worker thread, never from an event loop. The session is on the ledger when this returns {@link SignIn.Accepted}.
     */
    SignIn signIn(Credential credential, Connection connection);

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

    /** The session is over; commands it still holds are abandoned. Called once for each accepted session. */
    void closed(Session session, String reason);
}
