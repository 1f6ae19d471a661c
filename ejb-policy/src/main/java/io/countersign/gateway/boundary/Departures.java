package io.countersign.gateway.boundary;

import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.boundary.PendingApprovals;
import io.countersign.gateway.Records;
import io.countersign.grant.boundary.GrantsInUse;
import io.countersign.ledger.Work.Written;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.recording.RecordingFile.Summary;
import io.countersign.recording.boundary.Recordings;
import io.countersign.session.SessionRow;
import io.countersign.ticket.boundary.TicketsInUse;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the end of a session brings with it: those who wait in it are let go, its recording is closed, and its end is on the
 * ledger, later where the store is down.
 */
@ApplicationScoped
public class Departures {

    private static final Logger LOG = System.getLogger(Departures.class.getName());

    /** Ends of sessions that are kept while the store is down; the next start finds and closes what is beyond that. */
    private static final int MOST_LATE = 10_000;

    /** They wait for the store most of their time. */
    private static final int LEAVING = 4;

    @Inject
    private Ledger ledger;

    @Inject
    private PendingApprovals pending;

    @Inject
    private GrantsInUse grants;

    @Inject
    private PlansRunning plans;

    @Inject
    private TicketsInUse tickets;

    @Inject
    private Recordings recordings;

    /** Threads for a pool of their own: the container's executor looks for what it calls a context anew for each piece of work. */
    @Resource
    private ManagedThreadFactory threads;

    private ExecutorService leaving;

    private final Clock clock = Clock.systemUTC();
    private final Set<CompletableFuture<Boolean>> going = ConcurrentHashMap.newKeySet();
    private final Queue<End> lateEnds = new LinkedBlockingQueue<>(MOST_LATE);

    /** How a session ended. */
    private record End(String session, String reason, Optional<Summary> recording) {}

    @PostConstruct
    void open() {
        leaving = Executors.newFixedThreadPool(LEAVING, threads);
    }

    /** Who is leaving still leaves. */
    @PreDestroy
    void end() {
        leaving.shutdown();
    }

    /** Returns at once: what it leads to waits for disks. */
    @SuppressWarnings("CollectionUndefinedEquality") // Each is itself.
    public void closed(Session session, String reason) {
        tickets.left(session.id());
        CompletableFuture<Boolean> gone = CompletableFuture.runAsync(
                        () -> eachOf(
                                session.id(),
                                () -> pending.abandon(session.id(), "its session ended: " + reason),
                                () -> grants.left(session.id()),
                                () -> plans.left(session.id(), reason)),
                        leaving)
                .thenCompose(done -> recordings.close(session.id()))
                .exceptionally(failure -> {
                    LOG.log(Level.ERROR, "the recording of session " + session.id() + " is not whole", failure);
                    return Optional.empty();
                })
                .thenCompose(recording -> record(new End(session.id().toString(), reason, recording)));
        going.add(gone);
        gone.whenComplete((done, failure) -> going.remove(gone));
    }

    /** Waits until those who leave have left, or for so long. */
    void settle(Duration patience) {
        try {
            CompletableFuture.allOf(going.toArray(CompletableFuture[]::new))
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(
                    Level.WARNING,
                    "{0} sessions have ended without a record of it: the next start makes it",
                    going.size());
        }
    }

    /** Takes every step: one that fails, as all that need the store do while it is down, must not keep the others from it. */
    static void eachOf(SessionId session, Runnable... steps) {
        for (Runnable step : steps) {
            try {
                step.run();
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "a step at the end of session " + session + " failed", e);
            }
        }
    }

    private CompletableFuture<Boolean> record(End end) {
        return end(end.session, end.reason, end.recording).exceptionally(failure -> {
            LOG.log(
                    Level.WARNING,
                    "the end of session {0} could not be recorded; it will be when the store is back: {1}",
                    end.session,
                    failure.getMessage());
            late(end);
            return false;
        });
    }

    /** Has the end of a session that has not opened recorded once the store is back: perhaps its start was stored. */
    void late(Session session, String reason) {
        late(new End(session.id().toString(), reason, Optional.empty()));
    }

    private void late(End end) {
        if (!lateEnds.offer(end)) {
            LOG.log(Level.WARNING, "the end of session {0} is left to the next start", end.session);
        }
    }

    /**
     * To be called when the store is back, and now and then for what was refused while it was there: records the ends of
     * sessions that it missed. Returns at once.
     */
    public void recordLateEnds() {
        for (int left = lateEnds.size(); left > 0; left--) {
            Optional.ofNullable(lateEnds.poll()).ifPresent(this::record);
        }
    }

    /** Puts a session's end on the ledger, unless it is there. */
    public CompletableFuture<Boolean> end(String session, String reason, Optional<Summary> recording) {
        return ledger.submit(em -> {
            Instant now = now();
            return SessionRow.end(em, session, now, reason)
                    ? Written.of(true, Records.sessionClosed(session, reason, recording, now))
                    : Written.of(false);
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
