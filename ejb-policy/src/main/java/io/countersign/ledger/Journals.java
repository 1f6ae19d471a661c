package io.countersign.ledger;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/**
 * Two journals in turn, so that nobody waits for the store: while it takes over what one holds, the other is written. Used by
 * the committer's thread.
 */
public final class Journals implements AutoCloseable {

    /** How long entries stay on a journal before the store takes them over, … */
    private static final Duration LONGEST = Duration.ofMillis(200);

    /** … and how many bytes of them: the rest is for those who come while it does. */
    private static final int MOST = Journal.SIZE / 2;

    private final Executor storing;

    /** Empty, or what the store is taking over: older than what the other holds. */
    private Journal emptied;

    private Journal written;

    /**
     * @param file    the first one's; the second one's name has a 2 behind it
     * @param storing runs what takes a journal's entries over, at most one at a time
     * @throws IllegalStateException where another process has one of them open
     * @throws java.io.UncheckedIOException where one cannot be opened, read or made
     */
    public Journals(Path file, Executor storing) {
        this.storing = storing;
        Journal one = new Journal(file);
        Journal two = new Journal(file.resolveSibling(file.getFileName() + ".2"));
        boolean inOrder = two.size() > 0 && (one.size() == 0 || one.first() <= two.first());
        this.emptied = inOrder ? one : two;
        this.written = inOrder ? two : one;
    }

    Executor storing() {
        return storing;
    }

    /** Those that hold anything, in the ledger's order. */
    List<Journal> held() {
        return Stream.of(emptied, written).filter(each -> each.size() > 0).toList();
    }

    /** The entries that they hold. */
    int size() {
        return emptied.size() + written.size();
    }

    boolean fits(List<Entry> more) {
        return written.fits(more);
    }

    /**
     * On disk when this returns.
     *
     * @throws LedgerUnavailable where they cannot be written; whether they are on disk is then unknown
     */
    void append(long place, List<Entry> more) {
        written.append(place, more);
    }

    /** Whether there is anything to take over. */
    boolean isWritten() {
        return written.size() > 0;
    }

    /** Whether what was written has waited long enough. */
    boolean isDue() {
        return written.bytes() > MOST || written.reachesBackTo(System.nanoTime() - LONGEST.toNanos());
    }

    /** From now on the other one is written, which the store has whole; what this one holds is for the store. */
    List<Entry> turn() {
        if (emptied.size() > 0) {
            throw new IllegalStateException("the store has not yet taken over what the other journal holds");
        }
        Journal full = written;
        written = emptied;
        emptied = full;
        return full.entries();
    }

    /** The store has what it was given at the last turn. */
    void taken() {
        emptied.clear();
    }

    /** The store has everything. */
    void clear() {
        emptied.clear();
        written.clear();
    }

    @Override
    public void close() {
        emptied.close();
        written.close();
    }
}
