package io.countersign.api;

import java.util.List;
import java.util.Map;

/** What the policy side tells a connector. Every method may be called from any thread and, but for {@link #shut}, returns at once. */
public interface GatewayConnection extends AutoCloseable {

    /** Opens the listeners: the policy is loaded and the store is ready. Until then no port is open. */
    void open();

    /**
     * Closes the listeners and ends every session, while the policy side still listens: the container stops message-driven
     * beans before it stops adapters. Does not return at once, but when each session has told its end, or after some seconds.
     */
    void shut();

    /** Whether every configured listener accepts connections. */
    boolean listening();

    /**
     * Lets a held command go on, one way or the other. The connector compares the digest with that of the very bytes it
     * holds and refuses where they differ.
     *
     * @return false where this adapter holds no such command (the session is gone, or it was released before)
     */
    boolean release(SessionId session, long command, Digest digest, Verdict verdict);

    /** Ends a session; the client gets the reason as the protocol's own error. */
    void end(SessionId session, String reason);

    /** Reads recorded bytes, all from one session and in order, into words. Whatever cannot be read is left out. */
    List<Answer> transcribe(List<Frame> frames);

    /**
     * Reads a text that nobody has sent yet, as a command would be read. Unclear is also what takes data that is not in the
     * text.
     *
     * @param schemas where names without a schema are looked for, in order, since there is no session that says so
     * @param target  to which it would be sent
     */
    Meaning read(String text, List<String> schemas, Target target);

    /** Counters and gauges of this adapter by metric name, for example {@code sessions_open}. */
    Map<String, Long> counters();

    @Override
    void close();
}
