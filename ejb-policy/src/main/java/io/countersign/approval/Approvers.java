package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held.Owner;
import io.countersign.policy.Decision.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who may countersign: the one home of that rule (ANSI INCITS 359 dynamic separation of duty, applied to each command).
 *
 * <p>Nobody is exempt, whatever else they may do. Whoever stands anywhere in the requester's delegation chain, or owns one
 * of its agents, cannot; an agent cannot, nor anybody through one; nobody counts twice.
 */
public final class Approvers {

    private Approvers() {}

    /** Every reason against it is listed, so that nobody must find them out one by one. */
    public static Eligibility mayApprove(DelegationChain voter, Standing request) {
        List<String> reasons = new ArrayList<>();
        if (request.state() != State.PENDING) {
            reasons.add("The request is " + request.state().name().toLowerCase(Locale.ROOT) + " already.");
        }
        if (voter.links().size() > 1) {
            reasons.add("Nobody countersigns through somebody else: " + voter.described()
                    + " is a delegation. Sign in as yourself.");
        }
        if (voter.actor().kind() != Identity.Kind.PERSON) {
            reasons.add("Agents never countersign, and " + voter.actor().name() + " is one.");
        }
        reasons.addAll(apart(voter, request.held()));
        if (request.votes().stream().map(Ballot::voter).anyMatch(voter.actor()::sameAccount)) {
            reasons.add("You have voted on this request before.");
        }
        membership(voter.actor(), request).ifPresent(reasons::add);
        return reasons.isEmpty() ? new Eligible() : new Excluded(reasons);
    }

    /** Why the voter is not somebody else than the requester, in every sense. */
    private static List<String> apart(DelegationChain voter, Held held) {
        List<String> reasons = new ArrayList<>();
        for (Identity link : voter.links()) {
            if (link.sameAccount(held.requester().origin())) {
                reasons.add("You asked for this yourself; somebody else must countersign it.");
            } else if (held.requester().links().stream().anyMatch(link::sameAccount)) {
                reasons.add(link.name() + " stands in the delegation chain that asks: "
                        + held.requester().described() + ".");
            }
            for (Owner owner : held.owners()) {
                if (owner.account().equals(Account.of(link))) {
                    reasons.add("You own " + owner.agent() + ", which asks for this.");
                }
            }
        }
        return reasons;
    }

    private static Optional<String> membership(Identity voter, Standing request) {
        List<Terms> own = request.held().terms().stream()
                .filter(terms -> Standing.qualifies(voter, terms))
                .toList();
        if (own.isEmpty()) {
            TreeSet<String> groups = new TreeSet<>();
            request.held().terms().forEach(terms -> groups.addAll(terms.groups()));
            return Optional.of("Only members of " + String.join(", ", groups) + " may countersign this.");
        }
        return own.stream().allMatch(request::met)
                ? Optional.of("What your groups can countersign of this is countersigned already.")
                : Optional.empty();
    }
}
