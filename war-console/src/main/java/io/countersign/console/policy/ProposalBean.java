package io.countersign.console.policy;

import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility;
import io.countersign.approval.boundary.Approvals;
import io.countersign.console.Asked;
import io.countersign.console.Missing;
import io.countersign.revision.ProposalState;
import io.countersign.revision.Tallied;
import io.countersign.revision.boundary.ProposalView;
import io.countersign.revision.boundary.Revisions;
import io.countersign.revision.boundary.Submitted;
import io.countersign.security.Caller;
import jakarta.faces.application.FacesMessage;
import jakarta.faces.context.FacesContext;
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
                tell(FacesMessage.SEVERITY_INFO, Proposals.counted(counted.after()));
            }
            case Tallied.NotAllowed(List<String> reasons) -> {
                tell(FacesMessage.SEVERITY_ERROR, "You may not decide this proposal. The attempt is on the record.");
                reasons.forEach(reason -> tell(FacesMessage.SEVERITY_ERROR, reason));
            }
            case Tallied.Closed closed ->
                tell(
                        FacesMessage.SEVERITY_WARN,
                        "It was decided before: it is "
                                + Proposals.word(closed.proposal().state()) + ".");
            case Tallied.BadComment(String reason) -> tell(FacesMessage.SEVERITY_WARN, reason);
            case Tallied.Invalid(String problems) ->
                tell(FacesMessage.SEVERITY_ERROR, "It is not valid here any more: " + problems);
            case Tallied.NotFound() -> tell(FacesMessage.SEVERITY_WARN, "This proposal is not there any more.");
        }
        again(id);
    }

    /** Going back is a proposal like any other. */
    public void rollBack() throws IOException {
        switch (revisions.rollBack(getView().revision(), caller.chain(), comment)) {
            case Submitted.Waiting(ProposalView proposal) -> {
                tell(FacesMessage.SEVERITY_INFO, "Proposed. It takes effect when somebody other than you approves it.");
                again(proposal.id());
            }
            case Submitted.Invalid(String problems) -> {
                tell(FacesMessage.SEVERITY_ERROR, "It is not valid here any more: " + problems);
                load();
            }
            case Submitted.NotNow(String why) -> {
                tell(FacesMessage.SEVERITY_WARN, why);
                load();
            }
            case Submitted.NotFound() -> {
                tell(FacesMessage.SEVERITY_WARN, "This revision was never in force.");
                load();
            }
        }
    }

    /** The page is asked for anew, so that reloading it does nothing a second time. */
    private static void again(long proposal) throws IOException {
        FacesContext faces = FacesContext.getCurrentInstance();
        faces.getExternalContext().getFlash().setKeepMessages(true);
        faces.getExternalContext().redirect("/policy-proposal?id=" + proposal);
    }

    private static void tell(FacesMessage.Severity severity, String words) {
        FacesContext.getCurrentInstance().addMessage(null, new FacesMessage(severity, words, null));
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
