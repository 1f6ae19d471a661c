package io.countersign.security;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.policy.Role;
import io.countersign.ticket.Proof;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Named;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who makes this request: the delegation chain that signed in, and the roles that the policy gives it now. */
@RequestScoped
@Named
public class Caller {

    /** How the caller proved who it is. */
    public enum Way {
        /** A session in a browser, opened by a sign-in. */
        SESSION,
        /** A bearer token in this very request. */
        TOKEN
    }

    private @Nullable DelegationChain chain;
    private @Nullable Way way;
    private @Nullable Instant signedIn;
    private Instant until = Instant.MIN;
    private boolean bound;
    private Set<Role> roles = Set.of();

    void known(DelegationChain chain, Set<Role> roles, Way way) {
        known(chain, roles, way, Optional.empty(), Instant.MIN, false);
    }

    /**
     * @param signedIn when the caller last showed who they are; empty where nobody knows
     * @param until    when the token or the session that shows it ends
     * @param bound    whether it is of use only to whoever holds a key
     */
    void known(
            DelegationChain chain, Set<Role> roles, Way way, Optional<Instant> signedIn, Instant until, boolean bound) {
        this.chain = chain;
        this.signedIn = signedIn.orElse(null);
        this.roles = Set.copyOf(roles);
        this.way = way;
        this.until = until;
        this.bound = bound;
    }

    public boolean isKnown() {
        return chain != null;
    }

    public boolean came(Way way) {
        return this.way == way;
    }

    /** Fails where nobody is signed in: whatever asks this was left unprotected by mistake. */
    public DelegationChain chain() {
        if (chain == null) {
            throw new IllegalStateException("nobody is signed in");
        }
        return chain;
    }

    /** When the caller last showed who they are; empty where nobody knows. */
    public Optional<Instant> signedIn() {
        return Optional.ofNullable(signedIn);
    }

    /** What a ticket may be made with. */
    public Proof proof() {
        return new Proof(came(Way.TOKEN) ? Proof.Way.TOKEN : Proof.Way.CONSOLE, until, bound);
    }

    /** Who acts: the last link of the chain. */
    public Identity identity() {
        return chain().actor();
    }

    public Set<Role> roles() {
        return roles;
    }

    public boolean is(Role role) {
        return roles.contains(role);
    }

    /** Empty where nobody is signed in, so that every page can show its header. */
    public String getName() {
        return chain == null ? "" : chain.actor().name();
    }

    /** Lower case, in the enum's order. */
    public List<String> getRoleNames() {
        return Arrays.stream(Role.values())
                .filter(roles::contains)
                .map(CallerRoles::name)
                .toList();
    }

    public boolean isRequester() {
        return is(Role.REQUESTER);
    }

    public boolean isApprover() {
        return is(Role.APPROVER);
    }

    public boolean isAuditor() {
        return is(Role.AUDITOR);
    }

    public boolean isAdministrator() {
        return is(Role.ADMINISTRATOR);
    }

    /** Whether other people's requests are this caller's business. */
    public boolean isReadingRequests() {
        return isApprover() || isReadingAll();
    }

    /** Whether all that happened is this caller's business. */
    public boolean isReadingAll() {
        return isAuditor() || isAdministrator();
    }
}
