package io.countersign.policy;

import io.countersign.api.Command;
import io.countersign.api.SessionId;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which duties each open session has used, for duties that exclude one another in one session (ANSI INCITS 359-2004 §6.4).
 * A duty is used by the first command that one of its rules permits or holds; that somebody rejects a held command does not
 * take it back.
 */
public final class SessionDuties {

    private final Map<SessionId, Map<String, Long>> used = new ConcurrentHashMap<>();

    /** Judges a command of somebody who has no more than what their groups carry. */
    public Decision decide(Policy policy, Command command, Instant now) {
        return decide(policy, command, Set.of(), now);
    }

    /** Judges a command as {@link Policy#decide(Command, Set, Instant)} does, in the light of its session's earlier ones. */
    public Decision decide(Policy policy, Command command, Set<String> elevated, Instant now) {
        Decision decision = policy.decide(command, elevated, now);
        Set<String> asks = decision.duties();
        if (asks.isEmpty()) {
            return decision;
        }
        SessionId session = command.session().id();
        Map<String, Long> before = used.getOrDefault(session, Map.of());
        if (!policy.separatesSessions() && before.keySet().containsAll(asks)) {
            return decision;
        }
        // One at a time for each session: two commands together must not both be the first.
        Map<String, Long> own = used.computeIfAbsent(session, key -> new ConcurrentHashMap<>());
        synchronized (own) {
            Decision separated = policy.separated(decision, own);
            if (separated.ruling() != Decision.Ruling.REFUSE && command.phase() == Command.Phase.RUN) {
                asks.forEach(duty -> own.putIfAbsent(duty, command.number()));
            }
            return separated;
        }
    }

    /** The session is over. */
    public void forget(SessionId session) {
        used.remove(session);
    }
}
