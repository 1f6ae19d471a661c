package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.identity.People;
import io.countersign.policy.Stage;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How an approval request stands at one moment.
 *
 * @param attended whether a client waits for it; false where it is gone, and the same command may come again
 * @param until    when it expires without an answer, or without the command coming again
 * @param votes    in the order they were counted
 */
public record Standing(
        long id,
        State state,
        Held held,
        boolean attended,
        Instant since,
        Instant until,
        Optional<Instant> ended,
        List<Ballot> votes) {

    public Standing {
        votes = List.copyOf(votes);
    }

    /** As it is while its client waits. */
    public Standing(
            long id,
            State state,
            Held held,
            Instant since,
            Instant until,
            Optional<Instant> ended,
            List<Ballot> votes) {
        this(id, state, held, true, since, until, ended, votes);
    }

    /** How far the terms of each rule are met, counting each person once. */
    public List<Progress> progress(People people) {
        return progress(people, Today.SAME);
    }

    /** How far the terms are met of when it was held, and those of today beside them. */
    public List<Progress> progress(People people, Today today) {
        List<Ballot> counting = counting();
        return Stream.concat(held.terms().stream(), today.terms().stream())
                .distinct()
                .map(terms -> Progress.of(terms, counting, people))
                .toList();
    }

    /** The automatic approvers that stages wait for now. */
    public Set<Stage.Automatic> awaited(People people, Today today) {
        Set<Stage.Automatic> awaited = new LinkedHashSet<>();
        for (Progress progress : progress(people, today)) {
            progress.open().ifPresent(at -> {
                if (at.stage() instanceof Stage.Automatic automatic) {
                    awaited.add(automatic);
                }
            });
        }
        return awaited;
    }

    /** What a review asks for is that others look: whatever they find, they count. */
    private List<Ballot> counting() {
        return held.matter() != Matter.REVIEW
                ? votes
                : votes.stream()
                        .map(ballot -> new Ballot(ballot.voter(), Choice.APPROVE, ballot.comment(), ballot.at()))
                        .toList();
    }

    /** The end that its votes have brought about. */
    State verdict() {
        return votes.stream().anyMatch(ballot -> ballot.choice() == Choice.REJECT) ? State.REJECTED : State.APPROVED;
    }

    /** Whether nothing is missing any more. */
    public boolean allMet(People people) {
        return allMet(people, Today.SAME);
    }

    boolean allMet(People people, Today today) {
        return progress(people, today).stream().allMatch(Progress::met);
    }

    /**
     * The votes that go where this voter takes the own one back: that one first, and those of later stages, which were
     * given because the stages before them were met. Empty where the voter has none, or is not alone.
     */
    List<Ballot> withdrawnWith(DelegationChain voter, People people) {
        Set<Ballot> back = new LinkedHashSet<>();
        votes.stream()
                .filter(ballot -> voter.links().size() == 1 && ballot.voter().sameAccount(voter.actor()))
                .forEach(back::add);
        if (!back.isEmpty()) {
            for (Progress progress : progress(people)) {
                int stage = progress.stageOf(voter.actor());
                if (stage >= 0) {
                    progress.stages().stream().skip(stage + 1L).forEach(later -> back.addAll(later.counted()));
                }
            }
        }
        return List.copyOf(back);
    }

    /** Whether its rules let the command come again after its client is gone. */
    boolean mayComeAgain(Instant now) {
        return !held.rerun().isZero() && !expired(now);
    }

    /** Whether it is for the sake of its transaction that it expires when it does. */
    public boolean endsTransaction() {
        return attended && held.inTransactionWithin().isPresent() && until.isBefore(since.plus(held.within()));
    }

    public boolean expired(Instant now) {
        return !now.isBefore(until);
    }
}
