package io.countersign.session.boundary;

import io.countersign.api.Command;
import io.countersign.api.Outcome;
import io.countersign.approval.State;
import io.countersign.approval.boundary.RequestView.BindView;
import io.countersign.approval.boundary.RequestView.VoteView;
import io.countersign.policy.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One command of a session with all that became of it.
 *
 * @param seq     its record's place in the ledger
 * @param number  counts the session's commands, from 1
 * @param kinds   what it is, statement by statement
 * @param effects what it would do, as people read it
 * @param reasons which rules decided, effect by effect
 * @param grants  the numbers of the grants that it used
 * @param request the approval request, where it was held
 * @param outcome how it ended, where it was forwarded and has ended
 */
public record CommandView(
        long seq,
        long number,
        Instant at,
        Command.Phase phase,
        List<String> kinds,
        String statement,
        List<BindView> binds,
        List<String> effects,
        Decision.Ruling ruling,
        List<Decision.Reason> reasons,
        String policyRevision,
        List<Long> grants,
        Optional<RequestOutcome> request,
        Optional<OutcomeView> outcome) {

    public CommandView {
        kinds = List.copyOf(kinds);
        binds = List.copyOf(binds);
        effects = List.copyOf(effects);
        reasons = List.copyOf(reasons);
        grants = List.copyOf(grants);
    }

    /** What became of its approval request so far. */
    public record RequestOutcome(long id, State state, List<VoteView> votes) {

        public RequestOutcome {
            votes = List.copyOf(votes);
        }
    }

    /**
     * How the target answered.
     *
     * @param detail the target's own word: a command tag or an error code
     */
    public record OutcomeView(
            Outcome.Status status, String detail, long rows, long bytes, Duration elapsed, Instant at) {}
}
