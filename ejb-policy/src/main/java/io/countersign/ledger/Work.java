package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.util.List;

/**
 * Something to decide and record in one transaction, at its place in the order of the ledger.
 *
 * <p>The committer does all work alone, one after the other: what it reads stays true until its entries are written. It
 * must be quick and wait for nothing. It may be done again from the start where the transaction was rolled back for
 * somebody else's failure, so it keeps no memory of its own between runs. Refusals are results, not exceptions.
 */
@FunctionalInterface
public interface Work<T> {

    Written<T> in(EntityManager store);

    /** What the work found, and the entries that record it. */
    record Written<T>(T result, List<Entry> entries) {

        public Written {
            entries = List.copyOf(entries);
        }

        public static <T> Written<T> of(T result, Entry... entries) {
            return new Written<>(result, List.of(entries));
        }
    }
}
