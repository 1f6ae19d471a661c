package io.countersign.session.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.DelegationChain;
import io.countersign.api.SessionId;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Standing;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.VoteView;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.policy.Role;
import io.countersign.session.SessionRow;
import io.countersign.session.Story;
import io.countersign.session.Story.Told;
import io.countersign.session.boundary.CommandView.OutcomeView;
import io.countersign.session.boundary.CommandView.RequestOutcome;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sessions, running and past, and what was asked in them. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Sessions {

    private static final int MOST = 500;

    @Inject
    private JtaStore store;

    @Inject
    private Adapters adapters;

    /** Newest first. Limit is at most 500. */
    public List<SessionView> list(SessionFilter filter, int offset, int limit) {
        StringBuilder query = new StringBuilder("SELECT s FROM SessionRow s");
        filter.of().ifPresent(who -> query.append(" JOIN s.links l"));
        query.append(" WHERE 1 = 1");
        filter.of().ifPresent(who -> query.append(" AND l.issuer = :issuer AND l.subject = :subject"));
        filter.target().ifPresent(target -> query.append(" AND s.target = :target"));
        filter.open().ifPresent(open -> query.append(open ? " AND s.ended IS NULL" : " AND s.ended IS NOT NULL"));
        query.append(" ORDER BY s.started DESC, s.id DESC");
        return store.aside(em -> {
            TypedQuery<SessionRow> rows = em.createQuery(query.toString(), SessionRow.class);
            filter.of()
                    .ifPresent(who -> rows.setParameter("issuer", who.issuer()).setParameter("subject", who.subject()));
            filter.target().ifPresent(target -> rows.setParameter("target", target));
            return rows
                    .setFirstResult(Math.max(offset, 0))
                    .setMaxResults(Math.clamp(limit, 1, MOST))
                    .getResultList()
                    .stream()
                    .map(row -> view(em, row))
                    .toList();
        });
    }

    public Optional<SessionView> find(String id) {
        return store.aside(em -> row(em, id).map(row -> view(em, row)));
    }

    /**
     * The session's commands in order, read from the ledger.
     *
     * @param after only commands with a greater number; 0 for all
     * @param limit at most 500
     */
    public List<CommandView> commands(String id, long after, int limit) {
        return new Story(store)
                .commands(id, Math.max(after, 0), Math.clamp(limit, 1, MOST)).stream()
                        .map(this::view)
                        .toList();
    }

    /** Ends a running session; the client reads the reason. Nothing happens where it is over. */
    public void end(String id, String reason) {
        find(id).filter(view -> view.ended().isEmpty())
                .ifPresent(view -> adapters.end(view.protocol(), SessionId.parse(id), reason));
    }

    /** Requesters read sessions in whose chain they stand; auditors and administrators all. */
    public boolean mayRead(SessionView session, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || session.chain().stream().anyMatch(viewer.actor()::sameAccount);
    }

    private static Optional<SessionRow> row(EntityManager em, String id) {
        return Optional.ofNullable(em.find(SessionRow.class, id));
    }

    private static SessionView view(EntityManager em, SessionRow row) {
        Object[] counts = (Object[]) em.createNativeQuery(
                        "SELECT COALESCE(SUM(commands), 0), COALESCE(SUM(held), 0), COALESCE(SUM(refused), 0)"
                                + " FROM session_span WHERE session_id = :session")
                .setParameter("session", row.id())
                .getSingleResult();
        return new SessionView(
                row.id(),
                row.requester().links(),
                row.protocol(),
                row.target(),
                row.client(),
                row.started(),
                row.ended(),
                row.reason(),
                ((Number) counts[0]).longValue(),
                ((Number) counts[1]).longValue(),
                ((Number) counts[2]).longValue());
    }

    private CommandView view(Told told) {
        return new CommandView(
                told.seq(),
                told.number(),
                told.at(),
                told.phase(),
                told.kinds(),
                told.statement(),
                told.binds().stream()
                        .map(bind -> new BindView(bind.type(), bind.text()))
                        .toList(),
                told.effects(),
                told.ruling(),
                told.reasons(),
                told.revision(),
                told.grants(),
                told.request().flatMap(this::outcome),
                told.ending()
                        .map(end -> new OutcomeView(
                                end.status(), end.detail(), end.rows(), end.bytes(), end.elapsed(), end.at())));
    }

    private Optional<RequestOutcome> outcome(long request) {
        return store.aside(em -> Optional.ofNullable(em.find(ApprovalRequest.class, request))
                .map(ApprovalRequest::standing)
                .map(Sessions::outcome));
    }

    private static RequestOutcome outcome(Standing standing) {
        return new RequestOutcome(
                standing.id(),
                standing.state(),
                standing.votes().stream()
                        .map(ballot -> new VoteView(ballot.voter(), ballot.choice(), ballot.comment(), ballot.at()))
                        .toList());
    }
}
