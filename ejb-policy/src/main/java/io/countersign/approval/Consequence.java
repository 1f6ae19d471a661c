package io.countersign.approval;

import io.countersign.ledger.Entry;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;

/** What else happens when a request comes to its end: in the same transaction, and on the ledger with it. */
@FunctionalInterface
public interface Consequence {

    Consequence NONE = (store, ended, now) -> List.of();

    /**
     * @param ended how the request stands at its end
     * @return what to record beside it
     */
    List<Entry> of(EntityManager store, Standing ended, Instant now);
}
