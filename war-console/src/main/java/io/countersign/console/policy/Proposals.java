package io.countersign.console.policy;

import io.countersign.policy.Change;
import io.countersign.revision.Proposal;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Source;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Named;

/** How the pages speak of proposed revisions. Pure functions, called from pages by expressions. */
@ApplicationScoped
@Named("proposals")
public class Proposals {

    static String word(ProposalState state) {
        return switch (state) {
            case PROPOSED -> "waiting";
            case IN_FORCE -> "in force";
            case REJECTED -> "rejected";
            case SUPERSEDED -> "superseded";
        };
    }

    public String state(ProposalState state) {
        return word(state);
    }

    /** A badge's CSS class: the colours of approval requests. */
    public String style(ProposalState state) {
        return switch (state) {
            case PROPOSED -> "state-pending";
            case IN_FORCE -> "state-approved";
            case REJECTED -> "state-rejected";
            case SUPERSEDED -> "state-superseded";
        };
    }

    public String source(Source source) {
        return switch (source) {
            case FOLDER -> "change of the folder";
            case GIT -> "commits in git";
            case UPLOAD -> "upload";
            case ROLL_BACK -> "roll-back";
        };
    }

    public String kind(Change.Kind kind) {
        return switch (kind) {
            case WIDENS -> "wider";
            case ALTERS -> "different";
            case NARROWS -> "stricter";
        };
    }

    static String counted(Proposal after) {
        return switch (after.state()) {
            case IN_FORCE -> "Approved. It is in force.";
            case REJECTED -> "Rejected. The policy stays as it is.";
            case PROPOSED, SUPERSEDED ->
                "Counted: %d of %d persons have approved it.".formatted(after.approvals(), after.needed());
        };
    }
}
