package io.countersign.gateway.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.approval.boundary.PendingApprovals;
import io.countersign.automatic.boundary.AutomaticApprovers;
import io.countersign.gateway.Meters;
import io.countersign.gateway.Records;
import io.countersign.grant.boundary.GrantsInUse;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Observer;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.recording.boundary.Recordings;
import io.countersign.revision.boundary.PolicyRepository;
import io.countersign.revision.boundary.PolicyWatch;
import io.countersign.session.Spans;
import io.countersign.ticket.boundary.TicketsInUse;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Starts the gateway in the one right order: schema, policy, ledger, what an earlier process left open, and only then the
 * listeners. Keeps its clockwork going and stops it in the opposite order.
 */
@Singleton
@Startup
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class GatewayStart {

    private static final Logger LOG = System.getLogger(GatewayStart.class.getName());

    /** What sessions that the gateway's stop has ended take until that is on disk. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    @Inject
    private JtaStore store;

    @Inject
    private PolicyWatch policy;

    @Inject
    private PolicyRepository repository;

    @Inject
    private Ledger ledger;

    @Inject
    private PendingApprovals pending;

    @Inject
    private GrantsInUse grants;

    @Inject
    private TicketsInUse tickets;

    @Inject
    private PlansRunning plans;

    @Inject
    private AutomaticApprovers automatic;

    @Inject
    private Recordings recordings;

    @Inject
    private Refusals refusals;

    @Inject
    private Gatekeeper gatekeeper;

    @Inject
    private Departures departures;

    @Inject
    private Meters meters;

    @Inject
    private Adapters adapters;

    @Resource
    private ManagedScheduledExecutorService scheduler;

    private final Clock clock = Clock.systemUTC();
    private final List<Future<?>> clockwork = new ArrayList<>();
    private volatile String schema = "";

    /** The schema's version; empty while the store is not migrated. */
    public String schema() {
        return schema;
    }

    @PostConstruct
    void start() {
        try {
            String version = store.migrate();
            Spans kept = new Spans(store);
            ledger.open(observer(kept));
            policy.open();
            recover();
            grants.recover();
            Ledger.await(ledger.append(Records.gatewayStarted(ledger.head().key(), version, clock.instant()), true));
            schema = version;
            every(200, "recordings", recordings::turn);
            every(250, "expiry", pending::expire);
            every(250, "grants", grants::turn);
            every(250, "tickets", tickets::turn);
            every(1_000, "requests", whileRecording(pending::lapse));
            every(1_000, "plans", whileRecording(plans::turn));
            every(1_000, "automatic approvers", whileRecording(automatic::turn));
            every(1_000, "policy repository", repository::turn);
            every(1_000, "policy", policy::turn);
            every(1_000, "ledger", ledger::tick);
            every(1_000, "deeds", gatekeeper::readDeeds);
            every(1_000, "sessions", whileRecording(kept::write));
            every(1_000, "sign-ins", refusals::turn);
            every(60_000, "ends of sessions", whileRecording(departures::recordLateEnds));
            every(60_000, "latencies", this::turnLatencies);
            adapters.open();
            LOG.log(Level.INFO, "The gateway serves.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway started", e);
        }
    }

    @PreDestroy
    void stop() {
        clockwork.forEach(part -> part.cancel(false));
        adapters.shut();
        departures.settle(LAST_WORDS);
        try {
            Ledger.await(ledger.append(Records.gatewayStopped(clock.instant()), true));
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "The stop of the gateway could not be recorded", e);
        }
        ledger.close();
    }

    /** The sessions of an earlier process are gone, and so is whoever waited in them. */
    private void recover() {
        List<Long> requests = store.aside(em -> em.createQuery(
                        "SELECT r.id FROM ApprovalRequest r WHERE r.state = io.countersign.approval.State.PENDING"
                                + " AND r.session IS NOT NULL ORDER BY r.id",
                        Long.class)
                .getResultList());
        List<String> sessions = store.aside(
                em -> em.createQuery("SELECT s.id FROM SessionRow s WHERE s.ended IS NULL ORDER BY s.id", String.class)
                        .getResultList());
        pending.recover(requests);
        for (String session : sessions) {
            Ledger.await(departures.end(session, "the gateway stopped", Optional.empty()));
        }
        if (!requests.isEmpty() || !sessions.isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "An earlier process left {0} sessions and {1} pending requests: closed as abandoned, but for requests that may come again",
                    sessions.size(),
                    requests.size());
        }
    }

    /** One part that fails must not stop the others, nor itself the next time. */
    private void every(long millis, String name, Runnable part) {
        clockwork.add(scheduler.scheduleWithFixedDelay(
                () -> {
                    try {
                        part.run();
                    } catch (RuntimeException e) {
                        LOG.log(Level.WARNING, name + " failed and will be tried again", e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS));
    }

    /** What would only fail while the store is down waits until it is back. */
    private Runnable whileRecording(Runnable part) {
        return () -> {
            if (ledger.committer().failure() == null) {
                part.run();
            }
        };
    }

    private void turnLatencies() {
        meters.judge.turn();
        meters.commit.turn();
    }

    private Observer observer(Spans kept) {
        return new Observer() {
            @Override
            public void committed(long first, List<Entry> entries) {
                meters.blocks.increment();
                meters.entries.add(entries.size());
                kept.committed(first, entries);
            }

            @Override
            public void waited(long nanos) {
                meters.commit.record(nanos);
            }

            @Override
            public void failed(Throwable cause) {
                meters.storeFailures.increment();
            }

            @Override
            public void recovered() {
                departures.recordLateEnds();
            }
        };
    }
}
