package io.countersign.approval.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Approvers;
import io.countersign.approval.Ballots;
import io.countersign.approval.Choice;
import io.countersign.approval.Circumstances;
import io.countersign.approval.Eligibility;
import io.countersign.approval.Precedents;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.Voted;
import io.countersign.identity.People;
import io.countersign.identity.boundary.Directory;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import jakarta.persistence.TypedQuery;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The queue of held commands, and the only way to decide one. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Approvals {

    /** Characters (Unicode code points) that a vote's comment may have at most. */
    public static final int LONGEST_COMMENT = 1_000;

    private static final int MOST = 500;

    /** Among how many of the newest decisions precedents are looked for. */
    private static final int RECENT = 300;

    private static final String DECIDED = "SELECT r FROM ApprovalRequest r WHERE r.state IN"
            + " (io.countersign.approval.State.APPROVED, io.countersign.approval.State.REJECTED) ORDER BY r.id DESC";

    private static final String OF_ACCOUNT =
            "SELECT r FROM ApprovalRequest r JOIN r.links l WHERE l.issuer = :issuer AND l.subject = :subject"
                    + " AND (:every = TRUE OR r.state = :state) ORDER BY r.id DESC";

    private static final String OF_ALL =
            "SELECT r FROM ApprovalRequest r WHERE (:every = TRUE OR r.state = :state) ORDER BY r.id DESC";

    @Inject
    private JtaStore store;

    @Inject
    private PendingApprovals pending;

    @Inject
    private PolicyInForce policy;

    @Inject
    private Directory directory;

    private final Clock clock = Clock.systemUTC();

    /** Newest first. Limit is at most 500. */
    public List<RequestView> list(Optional<State> state, int offset, int limit) {
        return views(store.aside(em -> read(em.createQuery(OF_ALL, ApprovalRequest.class), state, offset, limit)));
    }

    /** Newest first: those requests in whose chain this identity stands. */
    public List<RequestView> listOf(DelegationChain viewer, Optional<State> state, int offset, int limit) {
        Identity who = viewer.actor();
        return views(store.aside(em -> read(
                em.createQuery(OF_ACCOUNT, ApprovalRequest.class)
                        .setParameter("issuer", who.issuer())
                        .setParameter("subject", who.subject()),
                state,
                offset,
                limit)));
    }

    public Optional<RequestView> find(long id) {
        return standing(id).map(views()::of);
    }

    /** What was decided lately of commands like this one, the likest first. */
    public List<RequestView> precedents(long id, int most) {
        return standing(id)
                .map(request -> views(Precedents.of(request, decided(), most)))
                .orElse(List.of());
    }

    private List<Standing> decided() {
        return store.aside(
                em -> em.createQuery(DECIDED, ApprovalRequest.class).setMaxResults(RECENT).getResultList().stream()
                        .map(ApprovalRequest::standing)
                        .toList());
    }

    /** Votes; returns once the vote, and the release it may bring, is durable. A rejection needs a comment. */
    public VoteResult vote(long id, DelegationChain voter, Choice choice, String comment) {
        String words = comment.strip();
        if (words.codePointCount(0, words.length()) > LONGEST_COMMENT) {
            return new VoteResult.BadComment("A comment has at most " + LONGEST_COMMENT + " characters.");
        }
        if (choice == Choice.REJECT && words.isEmpty()) {
            return new VoteResult.BadComment("A rejection needs a comment: the requester reads it.");
        }
        return result(pending.vote(id, voter, choice, words));
    }

    /** Takes the voter's own vote back, which is possible until the command is released. */
    public VoteResult withdrawVote(long id, DelegationChain voter) {
        return result(pending.withdrawVote(id, voter));
    }

    /** Gives a request up on behalf of those who ask; what waits for it is refused. */
    public VoteResult giveUp(long id, DelegationChain requester) {
        return result(pending.giveUp(id, requester));
    }

    private VoteResult result(Voted voted) {
        return switch (voted) {
            case Voted.Counted counted -> new VoteResult.Counted(views().of(counted.after()));
            case Voted.NotAllowed notAllowed -> new VoteResult.NotAllowed(notAllowed.reasons());
            case Voted.Closed closed -> new VoteResult.Closed(closed.standing().state());
            case Voted.NotFound notFound -> new VoteResult.NotFound();
        };
    }

    /** What {@link #vote} would say to this viewer, without trying. */
    public Eligibility eligibility(long id, DelegationChain viewer) {
        return standing(id)
                .map(standing -> Approvers.mayApprove(viewer, standing, circumstances(viewer.actor(), standing)))
                .orElseGet(() -> new Eligibility.Excluded(List.of("There is no such request.")));
    }

    /** Requesters read the requests in whose chain they stand; approvers, auditors and administrators all. */
    public boolean mayRead(RequestView request, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.APPROVER)
                || roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || request.chain().stream().anyMatch(viewer.actor()::sameAccount);
    }

    /**
     * What the target says of a request's command, as far as the viewer may know it. Those who ask may not: estimates tell of
     * values that are masked to them.
     */
    public List<Insight> insights(RequestView request, DelegationChain viewer) {
        People people = people();
        return viewer.links().stream()
                        .anyMatch(link -> request.chain().stream()
                                .anyMatch(asks -> people.same(link, asks).isPresent()))
                ? List.of()
                : request.insights();
    }

    private Optional<Standing> standing(long id) {
        return store.aside(em -> Optional.ofNullable(find(em, id)).map(ApprovalRequest::standing));
    }

    private static @org.jspecify.annotations.Nullable ApprovalRequest find(EntityManager em, long id) {
        return em.find(ApprovalRequest.class, id);
    }

    private List<RequestView> views(List<Standing> standings) {
        return standings.stream().map(views()::of).toList();
    }

    private Views views() {
        return new Views(people(), directory::membersOf, this::circumstances, pending::today);
    }

    private Circumstances circumstances(Identity voter, Standing standing) {
        People people = people();
        int approved = standing.held().limitsPending()
                ? store.aside(em -> Ballots.pendingOf(em, voter, standing.id(), people))
                : 0;
        return new Circumstances(people, clock.instant(), approved, pending.today(standing.held()));
    }

    private People people() {
        return policy.current().people();
    }

    private static List<Standing> read(
            TypedQuery<ApprovalRequest> query, Optional<State> state, int offset, int limit) {
        return query
                .setParameter("every", state.isEmpty())
                .setParameter("state", state.orElse(State.PENDING))
                .setFirstResult(Math.max(offset, 0))
                .setMaxResults(Math.clamp(limit, 1, MOST))
                .getResultList()
                .stream()
                .map(ApprovalRequest::standing)
                .toList();
    }
}
