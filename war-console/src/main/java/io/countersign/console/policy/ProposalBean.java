package io.countersign.console.policy;

import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility;
import io.countersign.approval.boundary.Approvals;
import io.countersign.console.Asked;
import io.countersign.console.Messages;
import io.countersign.console.Missing;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Tallied;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.revision.boundary.Revisions;
import io.countersign.revision.boundary.Submitted;
import io.countersign.security.Caller;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Behind {@code policy-proposal.xhtml}: one proposed revision, what it changes, and the viewer's vote on it. */
@Named("proposed")
@ViewScoped
public class ProposalBean implements Serializable {

    @Inject
    private Revisions revisions;

    @Inject
    private Caller caller;

    private long id;
    private String comment = "";
    private transient @Nullable ProposalView view;
    private transient List<String> hindrances = List.of();
    private transient List<FileDiff> files = List.of();

    /** Before the page is rendered for the first time. */
    public void open() throws IOException {
        id = Asked.number("id", 0);
        load();
    }

    private void load() throws IOException {
        Optional<ProposalView> found = revisions.find(id);
        if (found.isEmpty()) {
            Missing.answer(404);
            return;
        }
        ProposalView proposal = found.get();
        view = proposal;
        files = FileDiff.between(revisions.filesOf(proposal.base().orElse("")), proposal.files());
        hindrances = !isPending()
                ? List.of()
                : switch (revisions.eligibility(id, caller.chain())) {
                    case Eligibility.Eligible() -> List.of();
                    case Eligibility.Excluded(List<String> reasons) -> reasons;
                };
    }

    public void approve() throws IOException {
        vote(Choice.APPROVE);
    }

    public void reject() throws IOException {
        vote(Choice.REJECT);
    }

    /** Whoever gets here goes to the decision, which refuses those who may not and records that they tried. */
    private void vote(Choice choice) throws IOException {
        switch (revisions.vote(id, caller.chain(), choice, comment)) {
            case Tallied.Counted counted -> {
                comment = "";
                Messages.info(Proposals.counted(counted.after()));
            }
            case Tallied.NotAllowed(List<String> reasons) -> {
                Messages.error("You may not decide this proposal. The attempt is on the record.");
                Messages.errors(reasons);
            }
            case Tallied.Closed closed ->
                Messages.warn("It was decided before: it is "
                        + Proposals.word(closed.proposal().state()) + ".");
            case Tallied.BadComment(String reason) -> Messages.warn(reason);
            case Tallied.Invalid(String problems) -> Messages.error("It is not valid here any more: " + problems);
            case Tallied.NotFound() -> Messages.warn("This proposal is not there any more.");
        }
        again(id);
    }

    /** Going back is a proposal like any other. */
    public void rollBack() throws IOException {
        switch (revisions.rollBack(getView().revision(), caller.chain(), comment)) {
            case Submitted.Waiting(ProposalView proposal) -> {
                Messages.info("Proposed. It takes effect when somebody other than you approves it.");
                again(proposal.id());
            }
            case Submitted.Invalid(String problems) -> {
                Messages.error("It is not valid here any more: " + problems);
                load();
            }
            case Submitted.NotNow(String why) -> {
                Messages.warn(why);
                load();
            }
            case Submitted.NotFound() -> {
                Messages.warn("This revision was never in force.");
                load();
            }
        }
    }

    private static void again(long proposal) throws IOException {
        Messages.showOn("/policy-proposal?id=" + proposal);
    }

    public ProposalView getView() {
        ProposalView found = view;
        if (found == null) {
            throw new IllegalStateException("no proposal is loaded");
        }
        return found;
    }

    public boolean isPending() {
        return view != null && view.state() == ProposalState.PROPOSED;
    }

    /** Whether the viewer may decide it now. */
    public boolean isOpenToMe() {
        return isPending() && hindrances.isEmpty();
    }

    /** Whether it was in force once and is not any more. */
    public boolean isEarlier() {
        return view != null && view.inForce().isPresent() && view.state() == ProposalState.SUPERSEDED;
    }

    /** Whether the viewer may propose anything. */
    public boolean isProposing() {
        return caller.isRequester() || caller.isApprover() || caller.isAdministrator();
    }

    /** Why the viewer may not decide it; empty where they may. */
    public List<String> getHindrances() {
        return hindrances;
    }

    /** Its files against those of its base; unchanged ones last, without their lines. */
    public List<FileDiff> getFiles() {
        return files;
    }

    public int getLongestComment() {
        return Approvals.LONGEST_COMMENT;
    }

    public long getId() {
        return id;
    }

    public String getComment() {
        return comment;
    }

    public void setComment(@Nullable String comment) {
        this.comment = comment == null ? "" : comment;
    }
}
