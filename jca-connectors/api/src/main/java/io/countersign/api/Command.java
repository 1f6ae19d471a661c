package io.countersign.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The smallest judged unit: one message that the client would have the target carry out.
 *
 * @param number counts the session's commands, from 1
 * @param phase  whether this runs it or only prepares it
 * @param binds  values bound to its parameters, in order
 * @param state  session state that changes what the same bytes mean: role, search_path, transaction status, …
 * @param inTransaction whether a transaction is open at the target, with whatever it has locked, for as long as this waits
 */
public record Command(
        Session session,
        long number,
        Phase phase,
        Content content,
        List<Bind> binds,
        Map<String, String> state,
        boolean inTransaction) {

    /** What forwarding would make the target do. */
    public enum Phase {
        /** Read and plan it, to be run later by a command of its own (PostgreSQL's Parse without an Execute). */
        PREPARE,
        /** Carry it out. */
        RUN
    }

    public Command {
        binds = List.copyOf(binds);
        state = Map.copyOf(state);
    }

    /** One that keeps nothing open while it waits. */
    public Command(
            Session session, long number, Phase phase, Content content, List<Bind> binds, Map<String, String> state) {
        this(session, number, phase, content, binds, state, false);
    }

    /**
     * What an approval binds, but for the policy revision: target, identity chain, exact bytes, bind values and session
     * state. Equal digests mean the same act by the same people.
     */
    public Digest digest() {
        Digest.Builder digest =
                Digest.over().field(session.protocol()).field(session.target()).field(phase.name());
        digest.length(session.requester().links().size());
        for (Identity link : session.requester().links()) {
            digest.field(link.issuer()).field(link.subject());
        }
        digest.field(content.digest().bytes()).length(binds.size());
        for (Bind bind : binds) {
            byte[] bytes = bind.bytes();
            digest.field(bind.type()).length(bytes == null ? -1 : 1).field(bytes == null ? new byte[0] : bytes);
            // The same bytes are another value where they are to be read in another way.
            digest.field(bind.text() == null ? "" : bind.text());
        }
        digest.length(state.size());
        new TreeMap<>(state).forEach((name, value) -> digest.field(name).field(value));
        return digest.done();
    }
}
