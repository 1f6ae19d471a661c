package io.countersign.approval.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility;
import io.countersign.approval.State;
import io.countersign.policy.Role;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
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

    /** Newest first. Limit is at most 500. */
    public List<RequestView> list(Optional<State> state, int offset, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Newest first: those requests in whose chain this identity stands. */
    public List<RequestView> listOf(DelegationChain viewer, Optional<State> state, int offset, int limit) {
        throw new UnsupportedOperationException();
    }

    public Optional<RequestView> find(long id) {
        throw new UnsupportedOperationException();
    }

    /** Votes; returns once the vote, and the release it may bring, is durable. A rejection needs a comment. */
    public VoteResult vote(long id, DelegationChain voter, Choice choice, String comment) {
        throw new UnsupportedOperationException();
    }

    /** What {@link #vote} would say to this viewer, without trying. */
    public Eligibility eligibility(long id, DelegationChain viewer) {
        throw new UnsupportedOperationException();
    }

    /** Requesters read the requests in whose chain they stand; approvers, auditors and administrators all. */
    public boolean mayRead(RequestView request, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.APPROVER)
                || roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || request.chain().stream().anyMatch(viewer.actor()::sameAccount);
    }
}
