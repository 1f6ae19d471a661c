package io.countersign.session;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that run in this process, and no more of them than the policy allows. */
public final class OpenSessions {

    private final Map<SessionId, Session> open = new ConcurrentHashMap<>();
    private final Map<List<String>, Integer> byRequester = new HashMap<>();

    /** @return why there is no room for one more, if so */
    public synchronized Optional<String> admit(Session session, int perRequester, int total) {
        List<String> requester = key(session.requester());
        int own = byRequester.getOrDefault(requester, 0);
        if (own >= perRequester) {
            return Optional.of(session.requester().described() + " has " + own
                    + " sessions open already, as many as the policy allows.");
        }
        if (open.size() >= total) {
            return Optional.of("The gateway has " + total + " sessions open already, as many as the policy allows.");
        }
        byRequester.put(requester, own + 1);
        open.put(session.id(), session);
        return Optional.empty();
    }

    /** Makes room again. */
    public synchronized void leave(SessionId id) {
        Session session = open.remove(id);
        if (session != null) {
            byRequester.computeIfPresent(
                    key(session.requester()), (requester, own) -> own == 1 ? null : Integer.valueOf(own - 1));
        }
    }

    /** Accounts, not names: the same people in the same order. */
    private static List<String> key(DelegationChain requester) {
        return requester.links().stream()
                .map((Identity link) -> link.issuer() + " " + link.subject())
                .toList();
    }
}
