package io.countersign.revision;

import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.approval.Proposed;
import io.countersign.policy.Author;
import io.countersign.policy.Change;
import io.countersign.policy.Policy.SourceFile;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A revision that was proposed, as it stands at one moment.
 *
 * @param revision content hash of its files, 64 hexadecimal digits
 * @param base     the revision that was in force when it was proposed; empty where there was none
 * @param changes  what changes by it against its base, in words
 * @param inForce  since when it decides, or when it began to
 * @param ended    when it was rejected or superseded
 */
public record Proposal(
        long id,
        ProposalState state,
        Source source,
        String revision,
        Optional<String> base,
        Author author,
        String comment,
        List<SourceFile> files,
        List<Change> changes,
        Instant proposed,
        Optional<Instant> inForce,
        Optional<Instant> ended,
        List<Ballot> votes) {

    public Proposal {
        files = List.copyOf(files);
        changes = List.copyOf(changes);
        votes = List.copyOf(votes);
    }

    /**
     * How many distinct persons must countersign it. One who is not its author; two where it is not sure who that is, for
     * one of them could be.
     */
    public int needed() {
        return author.known() ? 1 : 2;
    }

    public long approvals() {
        return votes.stream()
                .filter(ballot -> ballot.choice() == Choice.APPROVE)
                .count();
    }

    /** @param groups whose members countersign changes, by the policy in force */
    public Proposed asked(Set<String> groups) {
        return new Proposed(
                state.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                state == ProposalState.PROPOSED,
                author,
                votes,
                groups);
    }
}
