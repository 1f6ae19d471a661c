package io.countersign.grant.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.Consequence;
import io.countersign.approval.RequestChanged;
import io.countersign.approval.Standing;
import io.countersign.grant.DutyGrant;
import io.countersign.grant.GrantBook;
import io.countersign.grant.GrantStanding;
import io.countersign.grant.InUse;
import io.countersign.ledger.Entry;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.ticket.boundary.TicketsInUse;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The grants that are in use: asked with every command, ended in time, and with them the sessions that have used them. */
@ApplicationScoped
public class GrantsInUse implements Consequence {

    private static final Logger LOG = System.getLogger(GrantsInUse.class.getName());

    private static final String UNDER_REVIEW = "SELECT g FROM DutyGrant g, ApprovalRequest r WHERE g.request = r.id"
            + " AND g.kind = io.countersign.grant.GrantStanding.Kind.BREAK_GLASS"
            + " AND (g.ended IS NULL OR r.state = io.countersign.approval.State.PENDING) ORDER BY g.id DESC";

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private Adapters adapters;

    @Inject
    private TicketsInUse tickets;

    private final Clock clock = Clock.systemUTC();
    private final InUse inUse = new InUse(session -> tickets.opened(session));
    private final LongAdder broken = new LongAdder();

    /** Requests for grants, and reviews, that wait for others. */
    private volatile Set<Long> awaited = Set.of();

    private volatile List<GrantView> alarms = List.of();

    /** Something changed that could not be read: what is here is not what the store says. */
    private volatile boolean stale;

    /** The duties that a session's requester has on its target for a time. Quick: asked with every command. */
    public Set<String> duties(Session session, Instant now) {
        return inUse.duties(session, now);
    }

    /** By which grants a command may use these duties; its session depends on them from now on. */
    public List<GrantStanding> use(Session session, Set<String> duties, Instant now) {
        return inUse.use(session, duties, now);
    }

    /** The session is over, and what only it could use is over with it. */
    public void left(SessionId session) {
        inUse.forget(session);
        for (GrantStanding grant : inUse.all()) {
            if (grant.session().filter(session.toString()::equals).isPresent()) {
                Ledger.await(book().end(grant.id(), "its session ended"));
                reload();
            }
        }
    }

    /** Reads what is in use: at start, and whenever something of it changed. */
    public synchronized void reload() {
        stale = true;
        List<GrantStanding> open = store.aside(GrantBook::open);
        List<GrantView> broken = underReview();
        alarms = broken;
        awaited = Stream.concat(
                        open.stream().filter(grant -> grant.since().isEmpty()).map(GrantStanding::request),
                        broken.stream().map(GrantView::request))
                .collect(Collectors.toUnmodifiableSet());
        inUse.are(open.stream().filter(grant -> grant.since().isPresent()).toList());
        stale = false;
    }

    /** To be called once at start: the sessions of an earlier process are gone, and what only they could use. */
    public void recover() {
        reload();
        for (GrantStanding grant : inUse.all()) {
            if (grant.session().isPresent()) {
                Ledger.await(book().end(grant.id(), "its session ended"));
            }
        }
        reload();
    }

    /** To be called several times a second: ends what is over, and the sessions that depend on it. */
    public void turn() {
        if (stale && ledger.committer().failure() == null) {
            reload();
        }
        Instant now = clock.instant();
        strand(now);
        List<GrantStanding> over =
                inUse.all().stream().filter(grant -> !grant.active(now)).toList();
        if (!over.isEmpty() && ledger.committer().failure() == null) {
            over.forEach(grant -> Ledger.await(book().end(grant.id(), "its time is over")));
            reload();
        }
    }

    private void strand(Instant now) {
        for (InUse.Dependents dependents : inUse.stranded(now)) {
            String words = dependents.grant().described() + " is over, and this session has used it";
            dependents.sessions().forEach(session -> adapters.end(session.protocol(), session.id(), words));
        }
    }

    /** Grants begin and end with their requests. Whoever else observes that must not miss it because the store fails here. */
    void changed(@Observes RequestChanged event) {
        if (awaited.contains(event.id())) {
            try {
                reload();
            } catch (LedgerUnavailable e) {
                LOG.log(
                        Level.WARNING,
                        "which grants are in use is read again once the store is back: {0}",
                        e.getMessage());
            }
        }
    }

    @Override
    public List<Entry> of(EntityManager em, Standing ended, Instant now) {
        return book().of(em, ended, now);
    }

    /** Broken glass that is in use, or that others have still to look at: as it was when something of it last changed. */
    public List<GrantView> alarms() {
        return alarms;
    }

    /** Counts one more. */
    void broken() {
        broken.increment();
    }

    /** How often the glass was broken since the start. */
    public long timesBroken() {
        return broken.sum();
    }

    /** How many are in use. */
    public long count() {
        return inUse.all().size();
    }

    /** The same as it is in the store. */
    List<GrantView> underReview() {
        return store.aside(em ->
                GrantView.all(em, em.createQuery(UNDER_REVIEW, DutyGrant.class).getResultList(), clock.instant()));
    }

    private GrantBook book() {
        return new GrantBook(ledger.committer(), clock);
    }
}
