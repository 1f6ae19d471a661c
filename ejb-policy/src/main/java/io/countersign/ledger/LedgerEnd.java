package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the ledger's next entries go: into the store, as a block, or where there are {@link Journals} and they are entries
 * alone onto these, from which the store takes them over while the next ones come. Used by the committer's thread.
 */
final class LedgerEnd implements AutoCloseable {

    private static final Logger LOG = System.getLogger(LedgerEnd.class.getName());

    private final Store store;
    private final Clock clock;
    private final Observer observer;
    private final @Nullable Journals journals;
    private final WriterTurn turn = new WriterTurn();
    private final Packing packing = new Packing();

    /** The end of the ledger in the store; null where it must be read again. */
    private @Nullable Frontier frontier;

    /** What the store is taking over from a journal; nothing else is written to it until it has. */
    private @Nullable Takeover takeover;

    private volatile Committer.@Nullable Head head;

    /** Whether the next that is recorded must beat, whatever it is. */
    private volatile boolean beatDue;

    LedgerEnd(Store store, Clock clock, Observer observer, @Nullable Journals journals) {
        this.store = store;
        this.clock = clock;
        this.observer = observer;
        this.journals = journals;
    }

    /** Null only before {@link #take}. */
    Committer.@Nullable Head head() {
        return head;
    }

    /** Whether what is recorded may not be in the store yet. */
    boolean isJournaled() {
        return journals != null;
    }

    /**
     * Takes the turn as the store's only writer, and takes over what an earlier process left on the journals.
     *
     * @param watch how long another process is watched that may be writing
     * @throws IllegalStateException where another process writes to the store, or its end is damaged
     */
    void take(Duration watch) throws InterruptedException {
        WriterTurn.watch(store, watch);
        storedAll(store.transaction(em -> {
            turn.take(em);
            return write(em, List.of());
        }));
    }

    /** Stores what the journals hold, and says that nobody writes any more. */
    void leave() {
        endTakeover();
        storedAll(store.transaction(em -> {
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
        if (journals != null) {
            journals.close();
        }
    }

    /**
     * On disk when this returns. Where there are none, the store takes over what is due, or is tried where it failed.
     *
     * @throws Item.WorkFailed where one's work fails; nothing is recorded then
     * @throws WriterTurn.TurnLost where another process has taken over
     * @throws RuntimeException where anything else fails; what is recorded then is unknown
     */
    void record(List<Item<?>> items) {
        if (takeover != null && takeover.isDone()) {
            endTakeover();
        }
        if (isOverdue()) {
            throw new LedgerUnavailable("the store has not taken over what is on the journal for "
                    + Committer.PATIENCE.toSeconds() + " s: perhaps its disk hangs");
        }
        List<Entry> entries = beatDue ? null : alone(items);
        if (entries == null || !continued(entries)) {
            endTakeover();
            storedAll(store.transaction(em -> write(em, items)));
            beatDue = false;
        }
    }

    /** For whoever watches whether somebody writes here, which blocks of entries alone do not tell: soon, however busy. */
    void beat() {
        beatDue = true;
    }

    /** What they put on the ledger where that is entries alone; null where one is work. */
    private static @Nullable List<Entry> alone(List<Item<?>> items) {
        List<Entry> entries = new ArrayList<>(items.size());
        for (Item<?> item : items) {
            Entry entry = item.entry;
            if (entry == null) {
                return null;
            }
            entries.add(entry);
        }
        return entries;
    }

    /** Whether these entries could be recorded without a transaction. */
    private boolean continued(List<Entry> entries) {
        Frontier end = frontier;
        if (end == null || journals == null && entries.isEmpty()) {
            return false;
        }
        return journals == null ? appended(entries, end) : journaled(entries, journals);
    }

    private boolean appended(List<Entry> entries, Frontier end) {
        Frontier next = end.copy();
        store.append(block(next, entries));
        stored(new Written(end.size(), entries, next));
        return true;
    }

    private boolean journaled(List<Entry> entries, Journals both) {
        boolean fits = both.fits(entries);
        if (!fits) {
            endTakeover();
        }
        Frontier end = frontier;
        if (end == null) {
            return false;
        }
        if (takeover == null && both.isWritten() && (!fits || both.isDue())) {
            List<Entry> old = both.turn();
            takeover = new Takeover(
                    CompletableFuture.supplyAsync(() -> takenOver(end, old), both.storing()), clock.instant());
        }
        if (!both.fits(entries)) {
            return false;
        }
        if (!entries.isEmpty()) {
            both.append(end.size() + both.size(), entries);
        }
        return true;
    }

    /** On a thread of its own, while the committer's writes the other journal. */
    private Written takenOver(Frontier end, List<Entry> entries) {
        Frontier next = end.copy();
        store.append(block(next, entries));
        return new Written(end.size(), entries, next);
    }

    /** Waits for the store where it is taking something over. */
    private void endTakeover() {
        Takeover taking = takeover;
        if (taking == null || journals == null) {
            return;
        }
        takeover = null;
        try {
            Written written = taking.written.join();
            journals.taken();
            stored(written);
        } catch (CompletionException e) {
            LOG.log(Level.WARNING, "the store has not taken over what is on the journal; it is tried again at once", e);
            lookAgain();
        }
    }

    /** With what the journals hold before it. */
    private Written write(EntityManager em, List<Item<?>> items) {
        turn.keep(em);
        Frontier next = frontier == null ? end(em) : frontier.copy();
        long first = next.size();
        List<Entry> entries = new ArrayList<>(held(em, first));
        for (Item<?> item : items) {
            item.collect(em, entries);
        }
        if (!entries.isEmpty()) {
            em.persist(block(next, entries));
            em.flush();
        }
        return new Written(first, entries, next);
    }

    /** What the journals hold and the store does not: a transaction whose answer was lost may have taken some. */
    private List<Entry> held(EntityManager em, long end) {
        List<Entry> missing = new ArrayList<>();
        for (Journal journal : journals == null ? List.<Journal>of() : journals.held()) {
            List<Entry> held = journal.entries();
            long first = journal.first();
            int there = Math.clamp(end - first, 0, held.size());
            if (end + missing.size() < first || !Blocks.hold(em, first, held.subList(0, there))) {
                throw new IllegalStateException("the journal holds entries " + first + " to "
                        + (first + held.size() - 1) + " of the ledger, and the store, with " + end
                        + ", is not what they continue: restore the store that this data directory belongs to");
            }
            missing.addAll(held.subList(there, held.size()));
        }
        return missing;
    }

    /** Whether there is something to do though nobody waits. */
    boolean isDue() {
        return beatDue
                || (journals != null && (takeover == null ? journals.isDue() : takeover.isDone() || isOverdue()));
    }

    /**
     * Whether the store has been taking something over for so long that it counts as failed. The journal has room for a while
     * yet, but votes, new sessions and whoever reads the ledger already wait for this.
     */
    private boolean isOverdue() {
        return takeover != null
                && !takeover.isDone()
                && clock.instant().isAfter(takeover.since.plus(Committer.PATIENCE));
    }

    private Block block(Frontier next, List<Entry> entries) {
        return Block.after(
                next,
                entries.stream().map(Entry::json).toList(),
                entries.stream().map(Entry::leaf).toList(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                packing);
    }

    private void storedAll(Written written) {
        if (journals != null) {
            journals.clear();
        }
        stored(written);
    }

    private void stored(Written written) {
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

    /** What the store is doing on a thread of its own. */
    private record Takeover(CompletableFuture<Written> written, Instant since) {

        boolean isDone() {
            return written.isDone();
        }
    }

    private record Written(long first, List<Entry> entries, Frontier next) {}
}
