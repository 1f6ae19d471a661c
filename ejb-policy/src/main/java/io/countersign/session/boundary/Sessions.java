package io.countersign.session.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.policy.Role;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Sessions, running and past, and what was asked in them. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Sessions {

    /** Newest first. Limit is at most 500. */
    public List<SessionView> list(SessionFilter filter, int offset, int limit) {
        throw new UnsupportedOperationException();
    }

    public Optional<SessionView> find(String id) {
        throw new UnsupportedOperationException();
    }

    /**
     * The session's commands in order, read from the ledger.
     *
     * @param after only commands with a greater number; 0 for all
     * @param limit at most 500
     */
    public List<CommandView> commands(String id, long after, int limit) {
        throw new UnsupportedOperationException();
    }

    /** Ends a running session; the client reads the reason. Nothing happens where it is over. */
    public void end(String id, String reason) {
        throw new UnsupportedOperationException();
    }

    /** Requesters read sessions in whose chain they stand; auditors and administrators all. */
    public boolean mayRead(SessionView session, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || session.chain().stream().anyMatch(viewer.actor()::sameAccount);
    }
}
