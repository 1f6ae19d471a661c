package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Where the ledger's next entries go: into the store, as a block, or where there is a {@link Journal} and they are entries
 * alone onto that, until the store's next block takes them along. Used by the committer's thread.
 */
final class LedgerEnd implements AutoCloseable {

    /** How long entries stay on the journal alone, … */
    private static final Duration JOURNALED = Duration.ofMillis(200);

    /** … and how many bytes of them: the longer the block, the longer those wait who come while it is stored. */
    private static final int MOST_JOURNALED = 1 << 20;

    private final Store store;
    private final Clock clock;
    private final Observer observer;
    private final @Nullable Journal journal;
    private final WriterTurn turn = new WriterTurn();
    private final Packing packing = new Packing();

    /** The end of the ledger in the store; null where it must be read again. */
    private @Nullable Frontier frontier;

    private volatile Committer.@Nullable Head head;

    LedgerEnd(Store store, Clock clock, Observer observer, @Nullable Journal journal) {
        this.store = store;
        this.clock = clock;
        this.observer = observer;
        this.journal = journal;
    }

    /** Null only before {@link #take}. */
    Committer.@Nullable Head head() {
        return head;
    }

    /** Whether what is recorded may not be in the store yet. */
    boolean isJournaled() {
        return journal != null;
    }

    /**
     * Takes the turn as the store's only writer, and takes over what an earlier process left on the journal.
     *
     * @param watch how long another process is watched that may be writing
     * @throws IllegalStateException where another process writes to the store, or its end is damaged
     */
    void take(Duration watch) throws InterruptedException {
        WriterTurn.Beat before = store.transaction(WriterTurn::look);
        if (store.shared() && !before.left()) {
            TimeUnit.MILLISECONDS.sleep(watch.toMillis());
            if (store.transaction(WriterTurn::look).count() != before.count()) {
                throw new IllegalStateException("another gateway writes to this store: stop it first, or give this one"
                        + " a store of its own (countersign.store.url)");
            }
        }
        stored(store.transaction(em -> {
            turn.take(em);
            return write(em, List.of());
        }));
    }

    /** Stores what the journal holds, and says that nobody writes any more. */
    void leave() {
        stored(store.transaction(em -> {
            Written rest = write(em, List.of());
            turn.leave(em);
            return rest;
        }));
    }

    /** Perhaps something was stored and only the answer was lost: looks before it writes on. */
    void lookAgain() {
        frontier = null;
    }

    @Override
    public void close() {
        packing.close();
        if (journal != null) {
            journal.close();
        }
    }

    /**
     * On disk when this returns; where there are none, whatever the journal holds is in the store.
     *
     * @throws Item.WorkFailed where one's work fails; nothing is recorded then
     * @throws WriterTurn.TurnLost where another process has taken over
     * @throws RuntimeException where anything else fails; what is recorded then is unknown
     */
    void record(List<Item<?>> items) {
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

    /** Whether the journal has waited long enough for a block. */
    boolean isDue() {
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
        head = new Committer.Head(written.next.size(), written.next.root());
        if (!written.entries.isEmpty()) {
            observer.committed(written.first, written.entries);
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
}
