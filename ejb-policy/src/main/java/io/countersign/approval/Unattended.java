package io.countersign.approval;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Requests whose clients are gone: found again by what is asked, and by the time that they have left. */
public final class Unattended {

    private static final String OF_DIGEST = "SELECT r FROM ApprovalRequest r WHERE r.digest = :digest"
            + " AND r.state IN (io.countersign.approval.State.PENDING, io.countersign.approval.State.READY)"
            + " AND r.until > :now ORDER BY r.id";

    private static final String OVERDUE = "SELECT r.id FROM ApprovalRequest r"
            + " WHERE r.state IN (io.countersign.approval.State.PENDING, io.countersign.approval.State.READY)"
            + " AND r.session IS NULL AND r.until <= :now ORDER BY r.id";

    private Unattended() {}

    /** The one that this very command may join, an approved one first. */
    static Optional<ApprovalRequest> of(EntityManager store, Held held, Instant now) {
        List<ApprovalRequest> same = same(store, held, now).stream()
                .filter(request -> !request.attended())
                .toList();
        return same.stream()
                .filter(request -> request.state() == State.READY)
                .findFirst()
                .or(() -> same.stream().findFirst());
    }

    /** Whether the same people wait with the same command elsewhere. */
    static boolean again(EntityManager store, ApprovalRequest request, Instant now) {
        return same(store, request.standing().held(), now).stream()
                .anyMatch(other -> other.attended() && other.id() != request.id());
    }

    private static List<ApprovalRequest> same(EntityManager store, Held held, Instant now) {
        return store
                .createQuery(OF_DIGEST, ApprovalRequest.class)
                .setParameter("digest", held.digest().toString())
                .setParameter("now", now)
                .getResultList()
                .stream()
                .filter(request -> request.standing().held().sameAs(held))
                .toList();
    }

    /** Those whose time is over, by number. */
    public static List<Long> overdue(EntityManager store, Instant now) {
        return store.createQuery(OVERDUE, Long.class).setParameter("now", now).getResultList();
    }
}
