package io.countersign.ledger;

import io.countersign.api.Burst;
import io.countersign.ledger.WriterTurn.TurnLost;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Puts entries on the ledger, those of many callers in one commit (group commit): what gathers while one block is written
 * becomes the next block.
 *
 * <p>One thread {@linkplain #run runs} it. Callers wait for stages, not for locks. If the store fails, everything that waits
 * is refused at once, and so is whoever comes then, until a try once a second finds it back: the end of the ledger is then
 * read again, because a commit whose answer was lost may have happened. If one {@link Work} fails, it alone is refused.
 */
public final class Committer implements Runnable {

    /** Entries in one block; more only make those who wait wait longer. */
    static final int MOST_ITEMS = 512;

    /** Bytes after which a block takes no further item. */
    static final long MOST_BYTES = 1 << 20;

    /** Items and bytes that may wait; whoever comes then is refused. */
    private static final int LONGEST_QUEUE = 16_384;

    private static final long HEAVIEST_QUEUE = 64L << 20;

    /** What nobody waits for is written with the next block that somebody waits for, or after this long. */
    static final Duration LEISURE = Duration.ofMillis(20);

    /** A block that takes longer counts as failed for all who wait, though its transaction may still end. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    /** How long the store is left alone after it failed: callers who try again at once must not keep it down. */
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    /** How long entries stay on the journal alone, … */
    private static final Duration JOURNALED = Duration.ofMillis(200);

    /** … and how many bytes of them: the longer the block, the longer those wait who come while it is stored. */
    private static final int MOST_JOURNALED = 1 << 20;

    private static final Logger LOG = System.getLogger(Committer.class.getName());

    private final Store store;
    private final Clock clock;
    private final Observer observer;
    private final @Nullable Journal journal;
    private final WriterTurn turn = new WriterTurn();
    private final Packing packing = new Packing();
    private final BlockingQueue<Item<?>> queue = new LinkedBlockingQueue<>(LONGEST_QUEUE);
    private final Queue<Item<?>> leisurely = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** The end of the ledger in the store; null where it must be read again. Only the committer's thread touches it. */
    private @Nullable Frontier frontier;

    private volatile @Nullable Head head;
    private volatile @Nullable LedgerUnavailable failure;
    private volatile @Nullable TurnLost lost;
    private volatile @Nullable Batch batch;
    private volatile boolean closing;

    /** @param journal takes blocks of entries alone until the store does; null where the store takes each by itself */
    public Committer(Store store, Clock clock, Observer observer, @Nullable Journal journal) {
        this.store = store;
        this.clock = clock;
        this.observer = observer;
        this.journal = journal;
    }

    /** The tree after the newest block that the store has. */
    public record Head(long size, byte[] root) {}

    /**
     * Takes the turn as the store's only writer and reads the end of the ledger. Call it before {@link #run}.
     *
     * @throws IllegalStateException where another process writes to the store, or its end is damaged
     */
    public void open() throws InterruptedException {
        WriterTurn.Beat before = store.transaction(WriterTurn::look);
        if (store.shared() && !before.left()) {
            TimeUnit.MILLISECONDS.sleep(PATIENCE.toMillis());
            if (store.transaction(WriterTurn::look).count() != before.count()) {
                throw new IllegalStateException("another gateway writes to this store: stop it first, or give this one"
                        + " a store of its own (countersign.store.url)");
            }
        }
        Written taken = store.transaction(em -> {
            turn.take(em);
            return write(em, List.of());
        });
        stored(taken);
    }

    /** The value comes back once the entry is on disk. */
    public <T> CompletableFuture<T> append(Entry entry, T value) {
        return enqueue(Item.of(entry, value), queue);
    }

    /**
     * For what is already done and only has to be told: it comes before whatever is appended after it, but starts no block of
     * its own before {@link #LEISURE} is over. Completes once the entry is on disk.
     */
    public CompletableFuture<Boolean> note(Entry entry) {
        return enqueue(Item.of(entry, true), leisurely);
    }

    /** The result comes back once what the work did, and its entries, are on disk. */
    public <T> CompletableFuture<T> submit(Work<T> work) {
        return enqueue(Item.of(work), queue);
    }

    /** Completes once whatever was on disk before is in the store, where it can be read. */
    public CompletableFuture<Boolean> settle() {
        return journal == null ? CompletableFuture.completedFuture(true) : submit(em -> Work.Written.of(true));
    }

    /** Empty only before {@link #open}. */
    public Head head() {
        Head current = head;
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
        return queue.size() + leisurely.size();
    }

    /** To be called about once a second: keeps the turn, and refuses those who wait for a store that hangs. */
    public void watch() {
        Batch current = batch;
        if (current != null && System.nanoTime() - current.since > PATIENCE.toNanos()) {
            current.overdue = true;
            fail(current.items, new LedgerUnavailable("the store has not answered for " + PATIENCE.toSeconds() + " s"));
        } else if (store.shared() && current == null) {
            CompletableFuture<Boolean> beat = submit(em -> Work.Written.of(true));
            beat.exceptionally(e -> false);
        }
    }

    /** Commits until {@link #close}, then what has gathered by then. */
    @Override
    public void run() {
        try {
            List<Item<?>> gathered = new ArrayList<>(MOST_ITEMS);
            while (!closing || waiting() > 0) {
                gather(gathered);
                if (!gathered.isEmpty() || isJournalDue() || failure != null && lost == null) {
                    commit(gathered);
                    gathered.clear();
                }
            }
            store.transaction(em -> {
                Written rest = write(em, List.of());
                turn.leave(em);
                return rest;
            });
            if (journal != null) {
                journal.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the ledger was left without giving up the turn: the next start watches first", e);
        } finally {
            closing = true;
            fail(List.of(), new LedgerUnavailable("the gateway is stopping"));
            packing.close();
            if (journal != null) {
                journal.close();
            }
            ended.complete(null);
        }
    }

    /** Ends {@link #run} once what waits is committed; the stage says when. */
    public CompletableFuture<Void> close() {
        closing = true;
        return ended;
    }

    private <T> CompletableFuture<T> enqueue(Item<T> item, Queue<Item<?>> place) {
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
        } else if (queuedBytes.get() + item.bytes() > HEAVIEST_QUEUE || !place.offer(item)) {
            item.refuse(new LedgerUnavailable("more is asked than the store can record"));
        } else {
            queuedBytes.addAndGet(item.bytes());
            if (closing && ended.isDone() && place.remove(item)) {
                item.refuse(new LedgerUnavailable("the gateway is stopping"));
            }
        }
        return item.stage;
    }

    /** What waits, up to a block's bounds; waits itself for the first that somebody waits for, within its leisure. */
    private void gather(List<Item<?>> into) throws InterruptedException {
        Duration patience = failure == null ? LEISURE : BETWEEN_TRIES;
        Item<?> item = queue.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        long bytes = 0;
        for (Item<?> early = leisurely.poll(); early != null; early = leisurely.poll()) {
            into.add(early);
            bytes += early.bytes();
        }
        while (item != null) {
            into.add(item);
            bytes += item.bytes();
            item = into.size() < MOST_ITEMS && bytes < MOST_BYTES ? queue.poll() : null;
        }
        queuedBytes.addAndGet(-bytes);
    }

    /** With nothing gathered it only tries whether the store can be written. */
    private void commit(List<Item<?>> gathered) {
        Batch current = new Batch(List.copyOf(gathered));
        batch = current;
        try {
            do {
                try {
                    record(gathered);
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
            // Perhaps it was committed and only the answer was lost: look before writing on.
            frontier = null;
            fail(gathered, new LedgerUnavailable("the store cannot be written", e));
        } finally {
            batch = null;
        }
    }

    /** On disk when this returns. */
    private void record(List<Item<?>> items) {
        Frontier end = frontier;
        if (end == null || items.isEmpty() || items.stream().anyMatch(item -> item.work != null)) {
            stored(store.transaction(em -> write(em, items)));
            return;
        }
        List<Entry> entries = items.stream()
                .map(item -> item.entry)
                .map(Objects::requireNonNull)
                .toList();
        if (journal == null) {
            Frontier next = end.copy();
            store.append(block(next, entries));
            stored(new Written(end.size(), entries, next));
        } else if (journal.fits(entries)) {
            journal.append(end.size() + journal.size(), entries);
        } else {
            stored(store.transaction(em -> write(em, items)));
        }
    }

    /** With what the journal holds before it. */
    private Written write(EntityManager em, List<Item<?>> items) {
        turn.keep(em);
        Frontier next = frontier == null ? end(em) : frontier.copy();
        long first = next.size();
        List<Entry> entries = new ArrayList<>(journaled(em, first));
        for (Item<?> item : items) {
            item.collect(em, entries);
        }
        if (!entries.isEmpty()) {
            em.persist(block(next, entries));
            em.flush();
        }
        return new Written(first, entries, next);
    }

    /** What the journal holds and the store does not: a transaction whose answer was lost may have taken some. */
    private List<Entry> journaled(EntityManager em, long end) {
        if (journal == null || journal.size() == 0) {
            return List.of();
        }
        List<Entry> held = journal.entries();
        long first = journal.first();
        int there = (int) Math.clamp(end - first, 0, held.size());
        if (end < first || !Blocks.hold(em, first, held.subList(0, there))) {
            throw new IllegalStateException("the journal holds entries " + first + " to " + (first + held.size() - 1)
                    + " of the ledger, and the store, with " + end
                    + ", is not what they continue: restore the store that"
                    + " this data directory belongs to");
        }
        return held.subList(there, held.size());
    }

    private boolean isJournalDue() {
        return journal != null
                && (journal.bytes() > MOST_JOURNALED || journal.reachesBackTo(System.nanoTime() - JOURNALED.toNanos()));
    }

    private Block block(Frontier next, List<Entry> entries) {
        return Block.after(
                next,
                entries.stream().map(Entry::json).toList(),
                entries.stream().map(Entry::leaf).toList(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                packing);
    }

    private void stored(Written written) {
        if (journal != null) {
            journal.clear();
        }
        frontier = written.next;
        head = new Head(written.next.size(), written.next.root());
        if (!written.entries.isEmpty()) {
            observer.committed(written.first, written.entries);
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
        List<Item<?>> rest = new ArrayList<>();
        queue.drainTo(rest);
        for (Item<?> early = leisurely.poll(); early != null; early = leisurely.poll()) {
            rest.add(early);
        }
        items.forEach(item -> item.refuse(cause));
        for (Item<?> item : rest) {
            queuedBytes.addAndGet(-item.bytes());
            item.refuse(cause);
        }
    }

    private static Frontier end(EntityManager em) {
        Block last = Blocks.last(em).orElse(null);
        if (last == null) {
            return new Frontier();
        }
        Frontier end = last.frontier();
        if (!Arrays.equals(end.root(), last.root())) {
            throw new IllegalStateException("the last block of the ledger, " + last.first()
                    + ", is damaged: its root does not fit its edge. Restore the store from a backup");
        }
        return end;
    }

    private record Written(long first, List<Entry> entries, Frontier next) {}

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
