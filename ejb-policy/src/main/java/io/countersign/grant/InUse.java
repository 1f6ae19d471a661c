package io.countersign.grant;

import io.countersign.api.DelegationChain;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.Account;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which grants are in use, and by which sessions: asked with every command. Where there are none, that is a look at an empty
 * map.
 */
public final class InUse {

    /** @param chain the accounts of a delegation chain, outermost first */
    private record Holder(List<Account> chain, String target) {

        static Holder of(DelegationChain chain, String target) {
            return new Holder(chain.links().stream().map(Account::of).toList(), target);
        }
    }

    /** A grant and the sessions that have used it. */
    public record Dependents(GrantStanding grant, Collection<Session> sessions) {}

    private final Predicate<SessionId> byTicket;
    private volatile Map<Holder, List<GrantStanding>> byHolder = Map.of();
    private final Map<Long, Map<SessionId, Session>> users = new ConcurrentHashMap<>();
    private final Map<Long, GrantStanding> used = new ConcurrentHashMap<>();

    public InUse() {
        this(session -> false);
    }

    /**
     * @param byTicket whether a ticket opened a session: there is no broken glass in it, since that needs a sign-in that nobody
     *                 can have taken hours ago
     */
    public InUse(Predicate<SessionId> byTicket) {
        this.byTicket = byTicket;
    }

    /** Takes the place of what was in use before. */
    public void are(List<GrantStanding> begun) {
        Map<Holder, List<GrantStanding>> now = new HashMap<>();
        begun.forEach(
                grant -> now.computeIfAbsent(Holder.of(grant.holder(), grant.target()), holder -> new ArrayList<>())
                        .add(grant));
        byHolder = now;
    }

    public boolean none() {
        return byHolder.isEmpty();
    }

    public List<GrantStanding> all() {
        return byHolder.values().stream().flatMap(List::stream).toList();
    }

    /** The duties that a session's requester has on its target for a time. */
    public Set<String> duties(Session session, Instant now) {
        return none()
                ? Set.of()
                : of(session, now).stream().map(GrantStanding::duty).collect(Collectors.toUnmodifiableSet());
    }

    /** By which grants a command may use these duties; its session depends on them from now on. */
    public List<GrantStanding> use(Session session, Set<String> duties, Instant now) {
        List<GrantStanding> by = of(session, now).stream()
                .filter(grant -> duties.contains(grant.duty()))
                .toList();
        for (GrantStanding grant : by) {
            used.put(grant.id(), grant);
            users.computeIfAbsent(grant.id(), id -> new ConcurrentHashMap<>()).put(session.id(), session);
        }
        return by;
    }

    /** Those who have used what is not in use any more; each is told once. */
    public List<Dependents> stranded(Instant now) {
        if (users.isEmpty()) {
            return List.of();
        }
        Set<Long> active = all().stream()
                .filter(grant -> grant.active(now))
                .map(GrantStanding::id)
                .collect(Collectors.toSet());
        List<Dependents> stranded = new ArrayList<>();
        for (Long id : List.copyOf(users.keySet())) {
            if (!active.contains(id)) {
                Map<SessionId, Session> sessions = users.remove(id);
                GrantStanding grant = used.remove(id);
                if (sessions != null && grant != null) {
                    stranded.add(new Dependents(grant, sessions.values()));
                }
            }
        }
        return stranded;
    }

    /** The session is over. */
    public void forget(SessionId session) {
        if (!users.isEmpty()) {
            users.values().forEach(sessions -> sessions.remove(session));
        }
    }

    private List<GrantStanding> of(Session session, Instant now) {
        return byHolder.getOrDefault(Holder.of(session.requester(), session.target()), List.of()).stream()
                .filter(grant -> grant.active(now))
                .filter(grant -> grant.session().isEmpty()
                        || grant.session().get().equals(session.id().toString()))
                .filter(grant -> grant.kind() != GrantStanding.Kind.BREAK_GLASS || !byTicket.test(session.id()))
                .toList();
    }
}
