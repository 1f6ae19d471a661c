package io.countersign.automatic.boundary;

import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Circumstances;
import io.countersign.approval.RequestChanged;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.boundary.Background;
import io.countersign.approval.boundary.PendingApprovals;
import io.countersign.automatic.Inquiry;
import io.countersign.automatic.OpaClient;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.policy.boundary.PolicyChanged;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** Has automatic approvers asked wherever a stage waits for one: as requests change, and as policies do. */
@ApplicationScoped
public class AutomaticApprovers {

    private static final String PENDING =
            "SELECT r.id FROM ApprovalRequest r WHERE r.state = io.countersign.approval.State.PENDING ORDER BY r.id";

    @Inject
    private JtaStore store;

    @Inject
    private PendingApprovals pending;

    @Inject
    private PolicyInForce policy;

    @Inject
    private Background background;

    private final Clock clock = Clock.systemUTC();
    private OpaClient opa;
    private Inquiry inquiry;
    private volatile boolean all = true;

    @PostConstruct
    void start() {
        opa = new OpaClient();
        inquiry = new Inquiry(
                opa,
                this::standing,
                request ->
                        new Circumstances(policy.current().people(), clock.instant(), 0, pending.today(request.held())),
                (request, approver, choice, reason) -> pending.answer(request, approver, choice, reason),
                background.patient());
    }

    @PreDestroy
    void stop() {
        opa.close();
    }

    void changed(@Observes RequestChanged event) {
        if (event.state() == State.PENDING) {
            inquiry.look(event.id());
        }
    }

    /** Another revision may ask an automatic approver about what waits already. */
    void changed(@Observes PolicyChanged event) {
        all = true;
    }

    /** To be called about once a second: asks about what an earlier process left, and again where an answer was lost. */
    public void turn() {
        if (all) {
            all = false;
            requests().forEach(inquiry::look);
        }
        inquiry.again();
    }

    private List<Long> requests() {
        try {
            return store.aside(em -> em.createQuery(PENDING, Long.class).getResultList());
        } catch (LedgerUnavailable e) {
            all = true; // Next time: nobody else asks about them.
            throw e;
        }
    }

    private Optional<Standing> standing(long id) {
        return store.aside(
                em -> Optional.ofNullable(em.find(ApprovalRequest.class, id)).map(ApprovalRequest::standing));
    }
}
