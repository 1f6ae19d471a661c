package io.countersign.approval;

import io.countersign.ledger.Entry;
import jakarta.persistence.EntityManager;
import java.time.Instant;

/** A request that is about no command, as it was opened, and the entry that records it. */
public record Opened(Standing standing, Entry entry) {

    /** To be called inside of the work that opens what it is about. */
    public static Opened in(EntityManager store, Held held, Instant now) {
        ApprovalRequest request = ApprovalRequest.of(held, now);
        store.persist(request);
        store.flush();
        Standing standing = request.standing();
        return new Opened(standing, RequestRecords.opened(now, standing));
    }
}
