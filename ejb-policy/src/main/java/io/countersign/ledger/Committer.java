package io.countersign.ledger;

import io.countersign.api.Burst;
import io.countersign.api.Turn;
import io.countersign.ledger.WriterTurn.TurnLost;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries on the ledger, those of many callers in one commit (group commit): what gathers while one block is written
 * becomes the next block. Those of one {@link Turn} of an event loop come together.
 *
 * <p>One thread {@linkplain #run runs} it. Callers wait for stages, not for locks. If the store fails, everything that waits
 * is refused at once, and so is whoever comes then, until a try once a second finds it back: the end of the ledger is then
 * read again, because a commit whose answer was lost may have happened. If one {@link Work} fails, it alone is refused.
 */
public final class Committer implements Runnable {

    /** What nobody waits for is written with the next block that somebody waits for, or after this long. */
    static final Duration LEISURE = Duration.ofMillis(20);

    /** A block that takes longer counts as failed for all who wait, though its transaction may still end. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long the store is left alone after it failed: callers who try again at once must not keep it down. */
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private static final Logger LOG = System.getLogger(Committer.class.getName());

    private final Store store;
    private final Observer observer;
    private final LedgerEnd end;
    private final Waiting waiting = new Waiting();
    private final Runnable wake = this::wake;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private volatile @Nullable LedgerUnavailable failure;
    private volatile @Nullable TurnLost lost;
    private volatile @Nullable Batch batch;
    private volatile boolean closing;
    private volatile @Nullable Thread thread;

    /** @param journals take blocks of entries alone until the store does; null where the store takes each by itself */
    public Committer(Store store, Clock clock, Observer observer, @Nullable Journals journals) {
        this.store = store;
        this.observer = observer;
        this.end = new LedgerEnd(store, clock, observer, journals);
    }

    /** The tree after the newest block that the store has. */
    public record Head(long size, byte[] root) {}

    /**
     * Takes the turn as the store's only writer and reads the end of the ledger. Call it before {@link #run}.
     *
     * @throws IllegalStateException where another process writes to the store, or its end is damaged
     */
    public void open() throws InterruptedException {
        end.take(PATIENCE);
    }

    /** The value comes back once the entry is on disk. */
    public <T> CompletableFuture<T> append(Entry entry, T value) {
        return enqueue(Item.of(entry, value), true);
    }

    /**
     * For what is already done and only has to be told: it comes before whatever is appended after it, but starts no block of
     * its own before {@link #LEISURE} is over. Completes once the entry is on disk.
     */
    public CompletableFuture<Boolean> note(Entry entry) {
        return enqueue(Item.of(entry, true), false);
    }

    /** The result comes back once what the work did, and its entries, are on disk. */
    public <T> CompletableFuture<T> submit(Work<T> work) {
        return enqueue(Item.of(work), true);
    }

    /** Completes once whatever was on disk before is in the store, where it can be read. */
    public CompletableFuture<Boolean> settle() {
        return end.isJournaled() ? submit(em -> Work.Written.of(true)) : CompletableFuture.completedFuture(true);
    }

    /** Empty only before {@link #open}. */
    public Head head() {
        Head current = end.head();
        if (current == null) {
            throw new LedgerUnavailable("the ledger is not open yet");
        }
        return current;
    }

    /** Why nothing can be recorded at the moment; null where all is well. */
    public @Nullable Throwable failure() {
        return failure;
    }

    public int waiting() {
        return waiting.size();
    }

    /** To be called about once a second: keeps the turn, and refuses those who wait for a store that hangs. */
    public void watch() {
        Batch current = batch;
        if (current != null && System.nanoTime() - current.since > PATIENCE.toNanos()) {
            current.overdue = true;
            fail(current.items, new LedgerUnavailable("the store has not answered for " + PATIENCE.toSeconds() + " s"));
        } else if (store.shared() && failure == null) {
            end.beat();
        }
    }

    /** Commits until {@link #close}, then what has gathered by then. */
    @Override
    public void run() {
        thread = Thread.currentThread();
        List<Item<?>> block = List.of();
        LedgerUnavailable why = new LedgerUnavailable("the gateway is stopping");
        try {
            while (!closing || waiting.size() > 0) {
                await(failure == null ? LEISURE : BETWEEN_TRIES);
                if (Thread.currentThread().isInterrupted()) {
                    return;
                }
                block = waiting.block();
                if (!block.isEmpty() || lost == null && (end.isDue() || failure != null)) {
                    commit(block);
                }
            }
            end.leave();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the ledger was left without giving up the turn: the next start watches first", e);
        } catch (Error e) {
            why = new LedgerUnavailable("the thread that records has died of " + e + ": restart the gateway", e);
            fail(block, why);
            throw e;
        } finally {
            closing = true;
            fail(List.of(), why);
            end.close();
            ended.complete(null);
        }
    }

    /** Ends {@link #run} once what waits is committed; the stage says when. */
    public CompletableFuture<Void> close() {
        closing = true;
        return ended;
    }

    private <T> CompletableFuture<T> enqueue(Item<T> item, boolean urgently) {
        TurnLost gone = lost;
        LedgerUnavailable failing = failure;
        Batch current = batch;
        if (gone != null) {
            item.refuse(gone);
        } else if (failing != null) {
            item.refuse(failing);
        } else if (closing) {
            item.refuse(new LedgerUnavailable("the gateway is stopping"));
        } else if (current != null && current.overdue) {
            item.refuse(new LedgerUnavailable("the store does not answer"));
        } else if (!waiting.offer(item, urgently)) {
            item.refuse(new LedgerUnavailable("more is asked than the store can record"));
        } else if (closing && ended.isDone() && waiting.takeBack(item)) {
            item.refuse(new LedgerUnavailable("the gateway is stopping"));
        } else if (urgently && !Turn.atEnd(wake)) {
            wake();
        }
        return item.stage;
    }

    /** Returns once there is something that somebody waits for, or after this long. */
    private void await(Duration leisure) {
        long since = System.nanoTime();
        long left = leisure.toNanos();
        while (left > 0 && !waiting.isUrgent() && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(left);
            left = leisure.toNanos() - (System.nanoTime() - since);
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    /** With nothing gathered it only tries whether the store can be written. */
    private void commit(List<Item<?>> gathered) {
        Batch current = new Batch(List.copyOf(gathered));
        batch = current;
        try {
            do {
                try {
                    end.record(gathered);
                    succeed(gathered);
                    return;
                } catch (Item.WorkFailed e) {
                    LOG.log(Level.ERROR, "one record could not be made and is refused", e.getCause());
                    e.item.refuse(new LedgerUnavailable("it could not be recorded", e));
                    gathered.remove(e.item);
                }
            } while (!gathered.isEmpty());
        } catch (TurnLost e) {
            lost = e;
            fail(gathered, e);
        } catch (RuntimeException e) {
            end.lookAgain();
            fail(gathered, new LedgerUnavailable("the store cannot be written", e));
        } finally {
            batch = null;
        }
    }

    private void succeed(List<Item<?>> items) {
        long now = System.nanoTime();
        Burst.run(() -> {
            for (Item<?> item : items) {
                item.succeed();
                observer.waited(now - item.since);
            }
        });
        if (failure != null) {
            failure = null;
            LOG.log(Level.INFO, "the store is back: commands are recorded and judged again");
            observer.recovered();
        }
    }

    /** Refuses these and all that wait. */
    private void fail(List<Item<?>> items, LedgerUnavailable cause) {
        if (failure == null && !closing) {
            LOG.log(Level.ERROR, "commands are refused because they cannot be recorded: " + cause.getMessage(), cause);
            observer.failed(cause);
        }
        failure = cause;
        // What waits is taken out before anybody is answered: whoever then tries again must not be refused for this.
        List<Item<?>> rest = waiting.all();
        items.forEach(item -> item.refuse(cause));
        rest.forEach(item -> item.refuse(cause));
    }

    /** What is being written now. */
    private static final class Batch {

        final List<Item<?>> items;
        final long since = System.nanoTime();
        volatile boolean overdue;

        Batch(List<Item<?>> items) {
            this.items = items;
        }
    }
}
