package io.countersign.approval;

import io.countersign.identity.People;
import java.time.Instant;
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

    /** How far the terms of each rule are met, counting each person once. */
    public List<Progress> progress(People people) {
        return held.terms().stream()
                .map(terms -> Progress.of(terms, votes, people))
                .toList();
    }

    /** Whether nothing is missing any more. */
    public boolean allMet(People people) {
        return progress(people).stream().allMatch(Progress::met);
    }

    public boolean expired(Instant now) {
        return !now.isBefore(until);
    }
}
