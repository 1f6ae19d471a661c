package io.countersign.revision.boundary;

import io.countersign.approval.Ballot;
import io.countersign.policy.Change;
import io.countersign.policy.Policy.SourceFile;
import io.countersign.revision.Proposal;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Source;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A proposed revision as people read it.
 *
 * @param author    who proposed it, as people read it
 * @param approvals how many persons have countersigned it, of {@code needed}
 * @param changes   what changes by it against its base, in words
 */
public record ProposalView(
        long id,
        ProposalState state,
        Source source,
        String revision,
        Optional<String> base,
        String author,
        String comment,
        int needed,
        long approvals,
        List<Change> changes,
        List<SourceFile> files,
        Instant proposed,
        Optional<Instant> inForce,
        Optional<Instant> ended,
        List<Ballot> votes) {

    public ProposalView {
        changes = List.copyOf(changes);
        files = List.copyOf(files);
        votes = List.copyOf(votes);
    }

    static ProposalView of(Proposal proposal) {
        return new ProposalView(
                proposal.id(),
                proposal.state(),
                proposal.source(),
                proposal.revision(),
                proposal.base(),
                proposal.author().described(),
                proposal.comment(),
                proposal.needed(),
                proposal.approvals(),
                proposal.changes(),
                proposal.files(),
                proposal.proposed(),
                proposal.inForce(),
                proposal.ended(),
                proposal.votes());
    }
}
