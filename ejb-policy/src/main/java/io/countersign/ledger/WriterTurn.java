package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Lets one process only write to a store. Whatever changes more than the ledger's end is written in the same transaction as
 * a beat on the writer's row, and whoever has taken the turn since makes that beat fail. A block of entries alone needs no
 * beat, which would cost it a round trip: its key is its place, so the same place cannot be taken twice, and a ledger cannot
 * fork; a writer that meets another's block beats with its next.
 */
final class WriterTurn {

    private final String token = UUID.randomUUID().toString();

    /** Whoever wrote before has lost the turn once this commits. */
    void take(EntityManager store) {
        store.createNativeQuery("UPDATE ledger_writer SET token = :token, beat = beat + 1 WHERE id = 1")
                .setParameter("token", token)
                .executeUpdate();
    }

    /** Holds the row until the transaction ends, so that a turn taken meanwhile waits. */
    void keep(EntityManager store) {
        int kept = store.createNativeQuery("UPDATE ledger_writer SET beat = beat + 1 WHERE id = 1 AND token = :token")
                .setParameter("token", token)
                .executeUpdate();
        if (kept != 1) {
            throw new TurnLost();
        }
    }

    /** Says that nobody writes any more, so that the next one need not watch first. */
    void leave(EntityManager store) {
        store.createNativeQuery("UPDATE ledger_writer SET token = '' WHERE id = 1 AND token = :token")
                .setParameter("token", token)
                .executeUpdate();
    }

    /**
     * Sees that nobody writes to a store; at once where nobody else can, or its last writer has left.
     *
     * @param watch how long another process is watched that may be writing
     * @throws IllegalStateException where another process writes
     */
    static void watch(Store store, Duration watch) throws InterruptedException {
        Beat before = store.transaction(WriterTurn::look);
        if (store.shared() && !before.left()) {
            TimeUnit.MILLISECONDS.sleep(watch.toMillis());
            if (store.transaction(WriterTurn::look).count() != before.count()) {
                throw new IllegalStateException("another gateway writes to this store: stop it first, or give this one"
                        + " a store of its own (countersign.store.url)");
            }
        }
    }

    /** Who holds the turn and how often it has beaten; equal answers some time apart mean that nobody is there. */
    static Beat look(EntityManager store) {
        Object[] row = (Object[]) store.createNativeQuery("SELECT token, beat FROM ledger_writer WHERE id = 1")
                .getSingleResult();
        return new Beat((String) row[0], ((Number) row[1]).longValue());
    }

    record Beat(String token, long count) {

        boolean left() {
            return token.isEmpty();
        }
    }

    /** Another process took the store over. Nothing can be written from here any more. */
    static final class TurnLost extends LedgerUnavailable {

        TurnLost() {
            super("another gateway has taken over this store; this one cannot record any more and must be stopped");
        }
    }
}
