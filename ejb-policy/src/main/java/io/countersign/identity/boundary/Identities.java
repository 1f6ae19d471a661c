package io.countersign.identity.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.api.Secret;
import io.countersign.identity.Attested;
import io.countersign.identity.Issuer;
import io.countersign.identity.KeyProofs;
import io.countersign.identity.Possession;
import io.countersign.identity.SignedIn;
import io.countersign.identity.TokenVerifier;
import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.policy.boundary.PolicyUnavailable;
import io.countersign.ticket.TicketSecret;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies tokens by the issuers of the policy in force: the one place for every way in. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class Identities {

    private record Current(Policy policy, TokenVerifier verifier) {}

    @Inject
    private PolicyInForce inForce;

    @Inject
    private Directory directory;

    private final KeyProofs proofs = new KeyProofs(Clock.systemUTC());

    private volatile @Nullable Current current;

    /** May block: an issuer's keys may have to be fetched. */
    public SignedIn verify(Secret token) {
        return verify(token, Possession.NONE);
    }

    /** May block. A token that is bound to something needs proof of it. */
    public SignedIn verify(Secret token, Possession possession) {
        if (TicketSecret.isMeant(token)) {
            return new SignedIn.Unknown("A ticket signs in at its target and nowhere else.", "Send a token.");
        }
        try {
            Policy policy = inForce.current();
            SignedIn result = verifier(policy).verify(token, possession);
            return result instanceof SignedIn.Known known ? unlessInConflict(known, policy) : result;
        } catch (PolicyUnavailable e) {
            return nobody();
        }
    }

    /**
     * Who it is of whom an issuer of the policy in force said this otherwise than by a token. That the issuer did say it is
     * the caller's to check.
     *
     * @param signedIn when they showed the issuer who they are
     * @param until    when that stops proving anything
     */
    public SignedIn known(Attested said, Instant signedIn, Instant until) {
        try {
            Policy policy = inForce.current();
            Optional<Issuer> issuer = policy.issuers().stream()
                    .filter(each -> each.name().equals(said.issuer()))
                    .findFirst();
            if (issuer.isEmpty()) {
                return new SignedIn.Unknown(
                        "The policy in force has no issuer named " + said.issuer() + ".",
                        "Ask the gateway's operators to name the one whose people these are.");
            }
            Optional<String> flaw = said.flaw();
            if (flaw.isPresent()) {
                return new SignedIn.Unknown(
                        "What " + said.issuer() + " says " + flaw.get() + ".", "Ask those who run the provider.");
            }
            Identity person = said.identity(issuer.get(), policy.people().agents());
            return unlessInConflict(
                    new SignedIn.Known(DelegationChain.of(person), until, Optional.of(signedIn)), policy);
        } catch (PolicyUnavailable e) {
            return nobody();
        }
    }

    private static SignedIn nobody() {
        return new SignedIn.Unknown("No policy is in force, so nobody can sign in.", "Ask the gateway's operators.");
    }

    /**
     * Somebody who has proved who they are before, and whom a ticket stands for since: what the policy in force no longer trusts
     * does not sign in by what it was.
     *
     * @param byToken whether the proof was a token, so that its issuer must be one of the policy's
     */
    public SignedIn still(SignedIn.Known known, boolean byToken) {
        Policy policy = inForce.current();
        String issuer = known.chain().origin().issuer();
        return byToken && !policy.trusts(issuer)
                ? new SignedIn.Unknown(
                        "The policy trusts " + issuer + " no more, and so nobody whom it vouched for.",
                        "Sign in by another issuer.")
                : unlessInConflict(known, policy);
    }

    /** Nobody signs in who carries duties that the policy keeps apart (ANSI INCITS 359-2004 §6.3). */
    private SignedIn unlessInConflict(SignedIn.Known known, Policy policy) {
        Identity origin = known.chain().origin();
        Optional<String> conflict = policy.conflict(origin.groups());
        if (conflict.isPresent()) {
            return new SignedIn.Unknown(
                    origin.name() + " " + conflict.get() + ".",
                    "Ask those who keep the groups to take one of them away.");
        }
        directory.met(origin);
        return known;
    }

    /** A new policy brings a new verifier, with nothing remembered of issuers that it may no longer trust. */
    private TokenVerifier verifier(Policy policy) {
        Current known = current;
        if (known != null && known.policy == policy) {
            return known.verifier;
        }
        synchronized (this) {
            known = current;
            if (known == null || known.policy != policy) {
                known = new Current(
                        policy,
                        new TokenVerifier(policy.issuers(), policy.people().agents(), proofs, Clock.systemUTC()));
                current = known;
            }
            return known.verifier;
        }
    }
}
