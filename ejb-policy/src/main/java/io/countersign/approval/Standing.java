package io.countersign.approval;

import io.countersign.api.Identity;
import io.countersign.policy.Decision.Terms;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * How an approval request stands at one moment.
 *
 * @param until when it expires without an answer
 * @param votes in the order they were counted
 */
public record Standing(
        long id, State state, Held held, Instant since, Instant until, Optional<Instant> ended, List<Ballot> votes) {

    public Standing {
        votes = List.copyOf(votes);
    }

    /** How many distinct persons have approved under these terms. */
    public int approvals(Terms terms) {
        long persons = votes.stream()
                .filter(ballot -> ballot.choice() == Choice.APPROVE)
                .map(Ballot::voter)
                .filter(voter -> voter.kind() == Identity.Kind.PERSON && qualifies(voter, terms))
                .map(Account::of)
                .distinct()
                .count();
        return Math.toIntExact(persons);
    }

    public boolean met(Terms terms) {
        return approvals(terms) >= terms.quorum();
    }

    /** Whether nothing is missing any more. */
    public boolean allMet() {
        return held.terms().stream().allMatch(this::met);
    }

    public boolean expired(Instant now) {
        return !now.isBefore(until);
    }

    static boolean qualifies(Identity voter, Terms terms) {
        return !Collections.disjoint(voter.groups(), terms.groups());
    }
}
