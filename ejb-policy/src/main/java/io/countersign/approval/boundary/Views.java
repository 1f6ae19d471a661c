package io.countersign.approval.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Approvers;
import io.countersign.approval.Ballot;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.approval.Held;
import io.countersign.approval.Standing;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.ExcludedView;
import io.countersign.approval.boundary.RequestView.TermView;
import io.countersign.approval.boundary.RequestView.VoteView;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** A request as people read it. */
final class Views {

    private Views() {}

    static RequestView of(Standing standing) {
        Held held = standing.held();
        return new RequestView(
                standing.id(),
                standing.state(),
                held.session(),
                held.command(),
                held.requester().links(),
                held.protocol(),
                held.target(),
                held.statement(),
                held.binds().stream()
                        .map(bind -> new BindView(bind.type(), bind.text()))
                        .toList(),
                held.effects(),
                held.reasons(),
                held.state(),
                held.digest().toString(),
                held.revision(),
                held.terms().stream()
                        .map(terms -> new TermView(
                                terms.rule(), new TreeSet<>(terms.groups()), terms.quorum(), standing.approvals(terms)))
                        .toList(),
                standing.since(),
                standing.until(),
                standing.ended(),
                standing.votes().stream().map(Views::of).toList(),
                excluded(standing));
    }

    private static VoteView of(Ballot ballot) {
        return new VoteView(ballot.voter(), ballot.choice(), ballot.comment(), ballot.at());
    }

    /** Those whom the request itself names; everybody else is asked about when they look. */
    private static List<ExcludedView> excluded(Standing standing) {
        List<ExcludedView> excluded = new ArrayList<>();
        for (Identity link : standing.held().requester().links()) {
            if (Approvers.mayApprove(DelegationChain.of(link), standing) instanceof Excluded why) {
                excluded.add(new ExcludedView(link, why.reasons()));
            }
        }
        return excluded;
    }
}
