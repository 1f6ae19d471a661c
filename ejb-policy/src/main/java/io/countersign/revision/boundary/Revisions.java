package io.countersign.revision.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Approvers;
import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility;
import io.countersign.approval.boundary.Approvals;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Author;
import io.countersign.policy.Policy;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.PolicyException;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.revision.Draft;
import io.countersign.revision.Filed;
import io.countersign.revision.Origins;
import io.countersign.revision.PolicyProposal;
import io.countersign.revision.Proposal;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Register;
import io.countersign.revision.Source;
import io.countersign.revision.Tallied;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The revisions of the policy, and the only way to change which is in force. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Revisions {

    private static final int MOST = 200;

    @Inject
    private JtaStore store;

    @Inject
    private Ledger ledger;

    @Inject
    private PolicyInForce policy;

    @Inject
    private PolicySettings settings;

    private final Clock clock = Clock.systemUTC();

    /** Newest first. Limit is at most 200. */
    public List<ProposalView> list(Optional<ProposalState> state, int offset, int limit) {
        return store
                .aside(em -> em
                        .createQuery(
                                "SELECT p FROM PolicyProposal p WHERE (:every = TRUE OR p.state = :state) ORDER BY p.id DESC",
                                PolicyProposal.class)
                        .setParameter("every", state.isEmpty())
                        .setParameter("state", state.orElse(ProposalState.PROPOSED))
                        .setFirstResult(Math.max(offset, 0))
                        .setMaxResults(Math.clamp(limit, 1, MOST))
                        .getResultList()
                        .stream()
                        .map(PolicyProposal::proposal)
                        .toList())
                .stream()
                .map(ProposalView::of)
                .toList();
    }

    /** What is in force; empty before the first revision. */
    public Optional<ProposalView> inForce() {
        return store.aside(em -> Register.inForce(em).map(PolicyProposal::proposal))
                .map(ProposalView::of);
    }

    /** The files of a revision that was ever in force; none where it was not. */
    public List<SourceFile> filesOf(String revision) {
        return effective(revision).map(Proposal::files).orElse(List.of());
    }

    public Optional<ProposalView> find(long id) {
        return proposal(id).map(ProposalView::of);
    }

    /** Whether the folder counts as it is, without anybody's approval. */
    public boolean isImmediate() {
        return settings.immediate();
    }

    /** Puts files to the vote; returns once that is durable. */
    public Submitted propose(List<SourceFile> files, DelegationChain author, String comment) {
        return submit(files, Source.UPLOAD, new Author.Caller(author), comment);
    }

    /** Puts a revision to the vote that was in force before. The same act as any change. */
    public Submitted rollBack(String revision, DelegationChain author, String comment) {
        return effective(revision)
                .map(earlier -> submit(earlier.files(), Source.ROLL_BACK, new Author.Caller(author), comment))
                .orElseGet(Submitted.NotFound::new);
    }

    private Optional<Proposal> effective(String revision) {
        return store.aside(em -> em
                .createQuery(
                        "SELECT p FROM PolicyProposal p WHERE p.revision = :revision AND p.inForce IS NOT NULL ORDER BY p.id DESC",
                        PolicyProposal.class)
                .setParameter("revision", revision)
                .setMaxResults(1)
                .getResultList()
                .stream()
                .map(PolicyProposal::proposal)
                .findFirst());
    }

    private Submitted submit(List<SourceFile> files, Source source, Author author, String comment) {
        String words = comment.strip();
        if (words.codePointCount(0, words.length()) > Approvals.LONGEST_COMMENT) {
            return new Submitted.NotNow("A comment has at most " + Approvals.LONGEST_COMMENT + " characters.");
        }
        try {
            Policy candidate = policy.compile(files);
            Optional<String> locked = unchangeable(candidate);
            return locked.<Submitted>map(Submitted.Invalid::new)
                    .orElseGet(
                            () -> submitted(Ledger.await(register().propose(draft(candidate, source, author, words)))));
        } catch (PolicyException e) {
            return new Submitted.Invalid(String.valueOf(e.getMessage()));
        }
    }

    private static Submitted submitted(Filed filed) {
        return switch (filed) {
            case Filed.Waiting(Proposal proposal) -> new Submitted.Waiting(ProposalView.of(proposal));
            case Filed.InForce() -> new Submitted.NotNow("This very revision is in force.");
            case Filed.Overtaken() ->
                new Submitted.NotNow("Another revision came into force at this moment. Look at it, then try again.");
            case Filed.TooMany(int most) ->
                new Submitted.NotNow(most + " proposals wait, and no more may. Decide some of them first.");
        };
    }

    /** A revision against what is in force, for this process's own watch over the folder. */
    public Draft draft(Policy candidate, Source source, Author author, String comment) {
        Optional<Policy> base = policy.isThere() ? Optional.of(policy.current()) : Optional.empty();
        return new Draft(
                candidate,
                base.map(Policy::revision),
                source,
                author,
                comment,
                base.map(candidate::since).orElse(List.of()));
    }

    /** Votes; returns once the vote is durable and what it brought into force decides. A rejection needs a comment. */
    public Tallied vote(long id, DelegationChain voter, Choice choice, String comment) {
        String words = comment.strip();
        if (words.codePointCount(0, words.length()) > Approvals.LONGEST_COMMENT) {
            return new Tallied.BadComment("A comment has at most " + Approvals.LONGEST_COMMENT + " characters.");
        }
        if (choice == Choice.REJECT && words.isEmpty()) {
            return new Tallied.BadComment("A rejection needs a comment: the author reads it.");
        }
        Optional<Proposal> proposal = proposal(id);
        if (proposal.isEmpty()) {
            return new Tallied.NotFound();
        }
        try {
            // Before anything is counted: what cannot decide here must not come into force.
            if (choice == Choice.APPROVE) {
                policy.compile(proposal.get().files());
            }
        } catch (PolicyException e) {
            return new Tallied.Invalid(String.valueOf(e.getMessage()));
        }
        Policy now = policy.current();
        Tallied tallied = Ledger.await(register().vote(id, voter, choice, words, now.people(), deciders(now)));
        if (tallied instanceof Tallied.Counted counted && counted.after().state() == ProposalState.IN_FORCE) {
            enforceStored();
        }
        return tallied;
    }

    /** What {@link #vote} would say to this viewer, without trying. */
    public Eligibility eligibility(long id, DelegationChain viewer) {
        Policy now = policy.current();
        return proposal(id)
                .map(proposal -> Approvers.mayApprove(viewer, proposal.asked(deciders(now)), now.people()))
                .orElseGet(() -> new Eligibility.Excluded(List.of("There is no such proposal.")));
    }

    /** Lets that decide which the store says is in force, unless it does; nothing before the first revision. */
    public synchronized void enforceStored() {
        record Stored(Proposal proposal, List<Origins.Step> history) {}
        Optional<String> decides =
                policy.isThere() ? Optional.of(policy.current().revision()) : Optional.empty();
        Optional<Stored> stored = store.aside(em -> Register.decides(em)
                .filter(revision -> !decides.equals(Optional.of(revision)))
                .flatMap(revision -> Register.inForce(em))
                .map(row -> new Stored(row.proposal(), Register.history(em))));
        if (stored.isPresent()) {
            try {
                Policy compiled = policy.compile(stored.get().proposal().files());
                policy.enforce(compiled, Origins.of(stored.get().history(), compiled.forms()));
            } catch (PolicyException e) {
                throw new IllegalStateException(
                        "revision " + stored.get().proposal().revision() + ", which is in force, cannot be read here:\n"
                                + e.getMessage(),
                        e);
            }
        }
    }

    /** Where each step is taken and recorded, for this process's own watch over the folder. */
    public Register register() {
        return new Register(ledger.committer(), clock);
    }

    /** Those who countersign commands, and those who administer; the same person never twice. */
    private static Set<String> deciders(Policy policy) {
        return policy.holders(Role.APPROVER, Role.ADMINISTRATOR);
    }

    /** Why no change would ever be approved after this one; empty where one could be. */
    static Optional<String> unchangeable(Policy policy) {
        return deciders(policy).isEmpty()
                ? Optional.of("nobody could approve another change of the policy after this one: give a group the role"
                        + " approver or administrator")
                : Optional.empty();
    }

    private Optional<Proposal> proposal(long id) {
        return store.aside(
                em -> Optional.ofNullable(em.find(PolicyProposal.class, id)).map(PolicyProposal::proposal));
    }
}
