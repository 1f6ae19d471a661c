package io.countersign.approval;

import io.countersign.ledger.Entry;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.List;

/** What goes with the end of a request: why it came, and what follows from it in the same transaction. */
final class Endings {

    private final Consequence consequence;

    Endings(Consequence consequence) {
        this.consequence = consequence;
    }

    /** The entries given, and those of what follows from this end. */
    <T> Written<T> recorded(EntityManager store, Standing ended, T result, Entry... entries) {
        List<Entry> all = new ArrayList<>(List.of(entries));
        all.addAll(consequence.of(store, ended, ended.ended().orElseThrow()));
        return new Written<>(result, all);
    }

    /** Why a request expired, by how it stood before. */
    static String late(Standing before) {
        return before.state() == State.READY
                ? "it was approved, but the command did not come again in time"
                : before.endsTransaction()
                        ? "nobody decided in the "
                                + before.held()
                                        .inTransactionWithin()
                                        .orElseThrow()
                                        .toSeconds()
                                + " s that it may keep a transaction open, which is rolled back"
                        : "nobody decided in time";
    }
}
