package io.countersign.console.requests;

import io.countersign.api.Identity;
import io.countersign.approval.Choice;
import io.countersign.approval.Matter;
import io.countersign.approval.State;
import io.countersign.approval.boundary.RequestView;
import java.util.stream.Collectors;

/** What became of a request, in sentences. Pure functions. */
final class Outcomes {

    private Outcomes() {}

    /** After a vote that counted. */
    static String counted(Choice choice, RequestView after) {
        if (after.matter() == Matter.REVIEW && !after.state().isOpen()) {
            return "The review is closed.";
        }
        if (after.matter() == Matter.GRANT && after.state() == State.APPROVED) {
            return "Approved. The duty can be used from now on.";
        }
        if (after.matter() == Matter.PLAN && after.state() == State.APPROVED) {
            return "Approved. Its commands run as shown here, once somebody else runs the plan.";
        }
        if (choice == Choice.REJECT && after.matter() != Matter.REVIEW) {
            return "Rejected. The requester reads your comment as the command's error.";
        }
        if (after.state() == State.READY) {
            return "Approved. Its client has gone: the same command runs once, without another vote, if it comes again in"
                    + " time.";
        }
        if (after.state() == State.APPROVED) {
            return "Approved. The command goes to the target now, exactly as shown here.";
        }
        int missing = after.terms().stream()
                .mapToInt(term -> Math.max(0, term.quorum() - term.approvals()))
                .max()
                .orElse(0);
        if (missing == 0) {
            return "Your approval counts. An automatic approver is asked now.";
        }
        return "Your approval counts. " + missing + (missing == 1 ? " more is" : " more are") + " needed.";
    }

    /** For a vote that came too late. */
    static String closed(State state) {
        return switch (state) {
            case APPROVED, READY -> "Somebody else approved this first. Your vote was not counted.";
            case REJECTED -> "Somebody else rejected this first. Your vote was not counted.";
            case EXPIRED -> "This request has expired. Your vote was not counted.";
            case WITHDRAWN -> "The requester has withdrawn this. Your vote was not counted.";
            case ABANDONED -> "The requester's session has ended. Your vote was not counted.";
            case PENDING -> "Your vote could not be counted. Please try again.";
        };
    }

    /** How it ended; empty while it waits. */
    static String epilogue(RequestView request) {
        if (request.matter() == Matter.REVIEW && !request.state().isOpen()) {
            return request.state() == State.APPROVED
                    ? "Reviewed by " + voters(request, Choice.APPROVE) + ": what was done was in order."
                    : "Reviewed. Not in order, says " + voters(request, Choice.REJECT) + ".";
        }
        if (request.matter() == Matter.GRANT && request.state() == State.APPROVED) {
            return "Granted by " + voters(request, Choice.APPROVE) + ".";
        }
        if (request.matter() == Matter.PLAN && request.state() == State.APPROVED) {
            return "Approved as a whole by " + voters(request, Choice.APPROVE)
                    + ". Its own page says what has run of it.";
        }
        return switch (request.state()) {
            case PENDING -> "";
            case READY ->
                "Countersigned by " + voters(request, Choice.APPROVE)
                        + " after its client had gone. It runs once, if the same people send the very same command again in"
                        + " time. Nothing reached the target.";
            case APPROVED ->
                "Countersigned by " + voters(request, Choice.APPROVE)
                        + ". The very bytes shown here were released to the target.";
            case REJECTED -> "Rejected by " + voters(request, Choice.REJECT) + ". Nothing reached the target.";
            case EXPIRED -> expired(request) + " Nothing reached the target.";
            case WITHDRAWN -> "The requester gave the command up. Nothing reached the target.";
            case ABANDONED -> "The session ended before anybody decided. Nothing reached the target.";
        };
    }

    private static String expired(RequestView request) {
        return request.terms().stream().allMatch(RequestView.TermView::met)
                ? "It was approved after its client had gone, and the command did not come again in time."
                : "Nobody decided in time.";
    }

    private static String voters(RequestView request, Choice choice) {
        return request.votes().stream()
                .filter(vote -> vote.choice() == choice
                        && (choice == Choice.REJECT || vote.voter().kind() == Identity.Kind.PERSON))
                .map(vote -> vote.voter().name())
                .distinct()
                .collect(Collectors.joining(" and "));
    }
}
