package io.countersign.postgres.snapshot;

import io.countersign.postgres.message.DataRow;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The newest {@link Snapshot} of one target's catalogue: taken when first needed, anew when it has grown old or somebody has
 * changed what it shows. While the target does not answer, the last one counts for a while, and then none.
 */
public final class Snapshots {

    private static final System.Logger LOG = System.getLogger(Snapshots.class.getName());

    /** An unanswered question is not asked again sooner. */
    static final Duration RETRY = Duration.ofSeconds(5);

    /** A snapshot that could not be renewed counts for so many times as long as it was to. */
    static final int KEPT = 3;

    private static final AtomicLong VERSIONS = new AtomicLong();

    private final String target;
    private final Function<String, CompletionStage<List<DataRow>>> ask;
    private final InstantSource clock;
    private final Runnable failed;

    private Known known = Known.MISSING;
    private Instant taken = Instant.MIN;
    private Instant tried = Instant.MIN;
    private boolean failing;
    private long changes;
    private long seen;
    private @Nullable CompletableFuture<Void> running;
    private long runningSaw;

    /**
     * @param target its name, for the log
     * @param ask    one question on a connection of the gateway's own
     * @param failed told of every question that was not answered
     */
    public Snapshots(
            String target, Function<String, CompletionStage<List<DataRow>>> ask, InstantSource clock, Runnable failed) {
        this.target = target;
        this.ask = ask;
        this.clock = clock;
        this.failed = failed;
    }

    /** The newest that there is, however old. */
    public synchronized Known newest() {
        return known;
    }

    /** What counts now. */
    public synchronized Known known(Duration refresh) {
        return tooOld(refresh) ? Known.MISSING : known;
    }

    /**
     * Whether {@link #load} must be awaited before {@link #known} says what there is to know. Has the question asked anyway once
     * the snapshot is older than it should be.
     *
     * @param change as {@link #changed} told it, 0 where nothing was changed
     */
    public synchronized boolean owes(Duration refresh, long change) {
        boolean retries = failing && clock.instant().isBefore(tried.plus(RETRY));
        if (tooOld(refresh) || seen < change) {
            return !retries;
        }
        if (!retries && running == null && clock.instant().isAfter(taken.plus(refresh))) {
            load();
        }
        return false;
    }

    /** Somebody has changed what the catalogue shows: whoever must know waits for what is loaded from now on. */
    public synchronized long changed() {
        changes++;
        return changes;
    }

    /** Asks the target, once for all who need it at the same time. Ends when it has answered or not, and never fails. */
    public synchronized CompletionStage<Void> load() {
        if (running != null) {
            return runningSaw == changes ? running : running.thenCompose(done -> load());
        }
        CompletableFuture<Void> mine = new CompletableFuture<>();
        running = mine;
        runningSaw = changes;
        CompletableFuture.completedFuture(SnapshotQuestion.TEXT)
                .thenCompose(ask)
                .thenApply(rows -> SnapshotQuestion.read(rows, VERSIONS.incrementAndGet()))
                .whenComplete((snapshot, failure) -> {
                    took(snapshot, failure);
                    mine.complete(null);
                });
        return mine;
    }

    private synchronized void took(@Nullable Snapshot snapshot, @Nullable Throwable failure) {
        running = null;
        tried = clock.instant();
        if (snapshot == null) {
            if (!failing) {
                LOG.log(
                        Level.ERROR,
                        "the catalogue of target " + target
                                + " cannot be read: what its views read and its functions do"
                                + " counts as last known for a while, and then as unknown",
                        failure);
            }
            failing = true;
            failed.run();
            return;
        }
        failing = false;
        taken = tried;
        seen = runningSaw;
        boolean same = known instanceof Known.Taken(Snapshot before)
                && snapshot.numbered(before.version()).equals(before);
        if (!same) {
            known = new Known.Taken(snapshot);
        }
    }

    private boolean tooOld(Duration refresh) {
        return taken.equals(Instant.MIN) || clock.instant().isAfter(taken.plus(refresh.multipliedBy(KEPT)));
    }
}
