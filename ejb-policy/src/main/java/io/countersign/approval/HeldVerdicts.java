package io.countersign.approval;

import io.countersign.api.Identity;
import io.countersign.api.Obligation;
import io.countersign.api.Verdict;
import io.countersign.api.Verdict.Cause;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Ruling;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What the client of a held command is told: that it waits and for whom, and how that has ended. */
public final class HeldVerdicts {

    private HeldVerdicts() {}

    /**
     * It waits.
     *
     * @param decision what holds it
     * @param page     where others decide it
     * @param explain  whether the connector may ask the target for its plan meanwhile
     */
    public static Verdict waiting(Standing standing, Decision decision, URI page, boolean explain) {
        String why = decision.reasons().stream()
                        .filter(reason -> reason.ruling() == Ruling.HOLD)
                        .map(reason -> reason.words() + " Rule " + reason.place() + ".")
                        .distinct()
                        .collect(Collectors.joining(" "))
                + (standing.endsTransaction()
                        ? " It keeps a transaction open, which is rolled back if nobody decides until then."
                        : "")
                + comingAgain(standing.held());
        return new Verdict.Hold(standing.id(), page, standing.until(), why, explain);
    }

    private static String comingAgain(Held held) {
        return held.rerun().isZero()
                ? ""
                : " You need not wait: if you leave and it is approved, the same command runs once without another vote when"
                        + " you ask it again within " + minutes(held.rerun()) + " of the approval.";
    }

    private static String minutes(Duration time) {
        return time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }

    /**
     * It waits no more.
     *
     * @param standing    how its request has ended
     * @param held        the command, at the place where this client waits for it
     * @param obligations to be met if it goes on
     * @throws IllegalArgumentException where the request is open
     */
    static Verdict ended(Standing standing, Held held, List<Obligation> obligations) {
        String request = "request " + standing.id();
        return switch (standing.state()) {
            case APPROVED -> new Verdict.Permit(obligations);
            case REJECTED -> {
                Ballot no = standing.votes().stream()
                        .filter(ballot -> ballot.choice() == Choice.REJECT)
                        .findFirst()
                        .orElseThrow();
                yield refusal(
                        held,
                        Cause.REJECTED,
                        no.voter().name() + " rejected " + request + ": " + no.comment(),
                        no.automatic()
                                ? "Talk to those who run " + no.voter().name() + ", or ask again later."
                                : "Talk to " + no.voter().name() + ", or ask for something else.");
            }
            case EXPIRED -> expired(standing, held, request);
            case WITHDRAWN ->
                refusal(held, Cause.WITHDRAWN, "you withdrew " + request + ".", "Run the command again to ask again.");
            case ABANDONED ->
                refusal(
                        held,
                        Cause.UNAVAILABLE,
                        request + " was abandoned because its session ended.",
                        "Connect again and run the command again.");
            case PENDING, READY -> throw new IllegalArgumentException(request + " is not decided");
        };
    }

    private static Verdict expired(Standing standing, Held held, String request) {
        return standing.endsTransaction()
                ? refusal(
                        held,
                        Cause.TRANSACTION_EXPIRED,
                        request + " expired and its transaction is rolled back: it waited for the "
                                + held.inTransactionWithin().orElseThrow().toSeconds()
                                + " s that a command may keep a transaction open, and nobody decided it"
                                + missing(standing) + ".",
                        "Send ROLLBACK, and begin again when an approver is there.")
                : refusal(
                        held,
                        Cause.EXPIRED,
                        request + " expired: nobody decided it in time" + missing(standing) + ".",
                        "Ask an approver to be there, then run the command again.");
    }

    private static Verdict refusal(Held held, Cause cause, String reason, String hint) {
        String rules = held.terms().stream()
                .map(terms -> held.reasons().stream()
                        .filter(given -> given.rule().equals(terms.rule()))
                        .findFirst()
                        .map(given -> given.place())
                        .orElse(terms.rule()))
                .distinct()
                .collect(Collectors.joining(", "));
        return new Verdict.Refuse(cause, rules, reason, hint);
    }

    private static String missing(Standing standing) {
        List<Identity> approvers = standing.votes().stream().map(Ballot::voter).toList();
        return approvers.isEmpty()
                ? ""
                : ", only " + approvers.stream().map(Identity::name).collect(Collectors.joining(", ")) + " approved";
    }
}
