package io.countersign.api;

/**
 * Who lets sessions in: the message listener type of every Countersign resource adapter (Jakarta Connectors 2.1, chapter
 * 13), implemented by one message-driven bean. A session's begin and its end are messages; what comes between goes to
 * {@link #commands}.
 *
 * <p>All methods may be called from any thread.
 */
public interface CommandListener {

    /**
     * Authenticates a connection and opens its session. May block (it may fetch an issuer's keys): call it from a
     * worker thread, never from an event loop. The session is on the ledger when this returns {@link SignIn.Accepted}.
     */
    SignIn signIn(Credential credential, Connection connection);

    /** Where the commands of accepted sessions go: the same for all, for as long as the listener is there. */
    Commands commands();

    /** The session is over; commands it still holds are abandoned. Called once for each accepted session. */
    void closed(Session session, String reason);
}
