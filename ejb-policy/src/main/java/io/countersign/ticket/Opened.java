package io.countersign.ticket;

import io.countersign.api.Session;
import io.countersign.api.SessionId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that tickets have opened, to be ended where their ticket is revoked. */
public final class Opened {

    private record By(Session session, long ticket) {}

    private final Map<SessionId, By> open = new ConcurrentHashMap<>();
    private final Set<Long> revoked = ConcurrentHashMap.newKeySet();

    /** To be said before the session's work is done, so that a revocation right after it finds the session. */
    public void opens(long ticket, Session session) {
        open.put(session.id(), new By(session, ticket));
    }

    /** Whether a ticket opened it. Quick: asked with commands. */
    public boolean has(SessionId session) {
        return !open.isEmpty() && open.containsKey(session);
    }

    /** The session is over, or has not opened after all. */
    public void left(SessionId session) {
        open.remove(session);
    }

    public void revoked(long ticket) {
        revoked.add(ticket);
    }

    /**
     * The sessions of revoked tickets, told again until they have left: one that opens just now, is not known to its connector
     * yet. A revoked ticket opens no others, so it is forgotten with the last of them.
     */
    public Collection<Session> stranded() {
        if (revoked.isEmpty()) {
            return List.of();
        }
        revoked.removeIf(ticket -> open.values().stream().noneMatch(each -> each.ticket == ticket));
        return open.values().stream()
                .filter(each -> revoked.contains(each.ticket))
                .map(By::session)
                .toList();
    }
}
