package io.countersign.grant.boundary;

import io.countersign.api.Identity;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.State;
import io.countersign.grant.DutyGrant;
import io.countersign.grant.GrantStanding;
import io.countersign.grant.GrantStanding.Kind;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One grant as people read it.
 *
 * @param holder       the delegation chain that may use it, outermost first
 * @param request      the approval request that grants it, or the review of broken glass
 * @param requestState how that stands
 * @param active       whether it can be used now
 */
public record GrantView(
        long id,
        Kind kind,
        List<Identity> holder,
        String target,
        String duty,
        String reason,
        Duration duration,
        Optional<String> session,
        Instant asked,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Instant> ended,
        Optional<String> why,
        long request,
        State requestState,
        boolean active) {

    public GrantView {
        holder = List.copyOf(holder);
    }

    static GrantView of(GrantStanding grant, State request, Instant now) {
        return new GrantView(
                grant.id(),
                grant.kind(),
                grant.holder().links(),
                grant.target(),
                grant.duty(),
                grant.reason(),
                grant.duration(),
                grant.session(),
                grant.asked(),
                grant.since(),
                grant.until(),
                grant.ended(),
                grant.why(),
                grant.request(),
                request,
                grant.active(now));
    }

    static List<GrantView> all(EntityManager em, List<DutyGrant> grants, Instant now) {
        return grants.stream()
                .map(DutyGrant::standing)
                .map(grant -> of(
                        grant, em.find(ApprovalRequest.class, grant.request()).state(), now))
                .toList();
    }

    /** Whether others have still to look at it. */
    public boolean underReview() {
        return kind == Kind.BREAK_GLASS && requestState.isOpen();
    }

    /** Whether it is in use, or may come to be, or must be reviewed. */
    public boolean open() {
        return active || requestState.isOpen();
    }
}
