package io.countersign.console.requests;

import io.countersign.api.Insight;
import io.countersign.approval.Choice;
import io.countersign.approval.Eligibility;
import io.countersign.approval.Matter;
import io.countersign.approval.State;
import io.countersign.approval.boundary.Approvals;
import io.countersign.approval.boundary.RequestView;
import io.countersign.approval.boundary.VoteResult;
import io.countersign.console.Asked;
import io.countersign.console.Messages;
import io.countersign.console.Missing;
import io.countersign.console.sql.Highlighter;
import io.countersign.console.sql.Token;
import io.countersign.security.Caller;
import jakarta.faces.context.FacesContext;
import jakarta.faces.view.ViewScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Behind {@code request.xhtml}: one held command, and the viewer's vote on it. */
@Named("held")
@ViewScoped
public class RequestBean implements Serializable {

    private static final int MOST_PRECEDENTS = 5;

    @Inject
    private Approvals approvals;

    @Inject
    private Caller caller;

    private long id;
    private String comment = "";
    private transient @Nullable RequestView view;
    private transient List<Token> statement = List.of();
    private transient List<String> hindrances = List.of();
    private transient List<RequestView> precedents = List.of();
    private transient List<Insight> insights = List.of();

    /** Before the page is rendered for the first time. */
    public void open() throws IOException {
        id = Asked.number("id", 0);
        load();
        if (view != null) {
            precedents = approvals.precedents(id, MOST_PRECEDENTS).stream()
                    .filter(past -> approvals.mayRead(past, caller.chain(), caller.roles()))
                    .toList();
        }
    }

    /** Again when the browser is told that this request changed. */
    public void load() throws IOException {
        Optional<RequestView> found = approvals.find(id);
        if (found.isEmpty()) {
            Missing.answer(404);
            return;
        }
        if (!approvals.mayRead(found.get(), caller.chain(), caller.roles())) {
            Missing.answer(403);
            return;
        }
        show(found.get());
    }

    public void approve() throws IOException {
        vote(Choice.APPROVE);
    }

    public void reject() throws IOException {
        vote(Choice.REJECT);
    }

    /** Takes the viewer's own vote back. */
    public void withdraw() throws IOException {
        say(approvals.withdrawVote(id, caller.chain()), "Your vote is taken back; the request goes on waiting.");
    }

    /** Gives the request up: for those who ask. */
    public void giveUp() throws IOException {
        say(approvals.giveUp(id, caller.chain()), "You have given this request up.");
    }

    /**
     * Whoever gets here goes to the decision, which refuses those who may not and records that they tried: the button is
     * greyed out for them, but that is no control.
     */
    private void vote(Choice choice) throws IOException {
        VoteResult result = approvals.vote(id, caller.chain(), choice, comment.strip());
        if (result instanceof VoteResult.Counted counted) {
            comment = "";
            say(result, Outcomes.counted(choice, counted.after()));
        } else {
            say(result, "");
        }
    }

    private void say(VoteResult result, String counted) throws IOException {
        switch (result) {
            case VoteResult.Counted done -> Messages.info(counted);
            case VoteResult.NotAllowed refused -> {
                Messages.error("You may not decide this request. The attempt is on the record.");
                Messages.errors(refused.reasons());
            }
            case VoteResult.Closed closed -> Messages.warn(Outcomes.closed(closed.state()));
            case VoteResult.BadComment bad -> Messages.warn(bad.reason());
            case VoteResult.NotFound() -> Messages.warn("This request is not there any more.");
        }
        FacesContext faces = FacesContext.getCurrentInstance();
        if (faces.getPartialViewContext().isAjaxRequest()) {
            load();
        } else {
            // Without scripts the whole page was posted: it is asked for anew, so that reloading it votes no second
            // time.
            Messages.showOn("/request?id=" + id);
        }
    }

    private void show(RequestView request) {
        view = request;
        statement = Highlighter.highlight(request.statement());
        insights = approvals.insights(request, caller.chain());
        hindrances = request.state() != State.PENDING
                ? List.of()
                : switch (approvals.eligibility(id, caller.chain())) {
                    case Eligibility.Eligible() -> List.of();
                    case Eligibility.Excluded excluded -> excluded.reasons();
                };
    }

    public @Nullable RequestView getView() {
        return view;
    }

    public List<Token> getStatement() {
        return statement;
    }

    /** The target's plan for the command; null where there is none that the viewer may see. */
    public Insight.@Nullable Plan getPlan() {
        return first(Insight.Plan.class);
    }

    public Insight.@Nullable NoPlan getNoPlan() {
        return first(Insight.NoPlan.class);
    }

    /** What its transaction keeps locked; null where it waits in none. */
    public Insight.@Nullable Locks getLocks() {
        return first(Insight.Locks.class);
    }

    public Insight.@Nullable NoLocks getNoLocks() {
        return first(Insight.NoLocks.class);
    }

    /** Whether the target has said anything of it that the viewer may see. */
    public boolean isObserved() {
        return !insights.isEmpty();
    }

    private <T extends Insight> @Nullable T first(Class<T> kind) {
        return insights.stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }

    /** By name. */
    public List<Map.Entry<String, String>> getSessionState() {
        return view == null ? List.of() : List.copyOf(new TreeMap<>(view.sessionState()).entrySet());
    }

    public boolean isPending() {
        return view != null && view.state() == State.PENDING;
    }

    /** Whether it is about a command, which waits in a session. */
    public boolean isCommand() {
        return view != null && view.matter() == Matter.COMMAND;
    }

    /** Whether something can still come of it. */
    public boolean isOpen() {
        return view != null && view.state().isOpen();
    }

    /** Whether the viewer is one of those who ask, and can give it up. */
    public boolean isMineToGiveUp() {
        return isOpen()
                && view != null
                && view.matter() != Matter.REVIEW
                && view.chain().stream().anyMatch(caller.identity()::sameAccount);
    }

    /** Whether the viewer may decide it now. */
    public boolean isOpenToMe() {
        return isPending() && hindrances.isEmpty();
    }

    /** Whether the viewer has a vote to take back. */
    public boolean isVotedByMe() {
        return isOpen()
                && view != null
                && view.votes().stream().anyMatch(vote -> vote.voter().sameAccount(caller.identity()));
    }

    /** Whether the viewer may read the session as well: approvers see what they decide, and not what else was asked. */
    public boolean isSessionOpenToMe() {
        return view != null
                && (caller.isReadingAll() || view.chain().stream().anyMatch(caller.identity()::sameAccount));
    }

    /** Why the viewer may not decide it; empty where they may. */
    public List<String> getHindrances() {
        return hindrances;
    }

    /** What was decided of commands like it, of which the viewer may read. */
    public List<RequestView> getPrecedents() {
        return precedents;
    }

    /** What happened in the end, in one sentence; empty while it waits. */
    public String getEpilogue() {
        return view == null ? "" : Outcomes.epilogue(view);
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
