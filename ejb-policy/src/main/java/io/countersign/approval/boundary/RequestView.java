package io.countersign.approval.boundary;

import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.approval.Choice;
import io.countersign.approval.Matter;
import io.countersign.approval.State;
import io.countersign.policy.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * Everything an approver needs to see of one held command.
 *
 * @param sessionId      whose command it is; empty where it is about none
 * @param command        its number within the session; 0 where it is about none
 * @param chain          who asks: the whole delegation chain, outermost first
 * @param statement      the exact text that will run
 * @param effects        what it would do, as people read it
 * @param reasons        why it is held (rule, file, line), effect by effect
 * @param sessionState   session state that changes what the same bytes mean
 * @param digest         what an approval binds: command and policy revision, 64 hexadecimal digits
 * @param terms          who must countersign; all of them
 * @param attended       whether a client waits for it
 * @param rerun          how long after its approval the same command may come again where none does; zero: not at all
 * @param endsTransaction whether a transaction is rolled back at the target when it expires
 * @param until          when it expires without an answer, or, once it is ready, without the command
 * @param eligible       whom the gateway knows that may approve now; nobody once it is decided
 * @param excluded       whom it knows that may not, and why: those who ask, and those whom the terms would let
 * @param insights       what the target says of it; not for those who ask, see {@link Approvals#insights}
 */
public record RequestView(
        long id,
        Matter matter,
        State state,
        String sessionId,
        long command,
        List<Identity> chain,
        String protocol,
        String target,
        String statement,
        List<BindView> binds,
        List<String> effects,
        List<Decision.Reason> reasons,
        Map<String, String> sessionState,
        String digest,
        String policyRevision,
        List<TermView> terms,
        boolean attended,
        Duration rerun,
        boolean endsTransaction,
        Instant since,
        Instant until,
        Optional<Instant> ended,
        List<VoteView> votes,
        List<Identity> eligible,
        List<ExcludedView> excluded,
        List<Insight> insights) {

    public RequestView {
        chain = List.copyOf(chain);
        binds = List.copyOf(binds);
        effects = List.copyOf(effects);
        reasons = List.copyOf(reasons);
        terms = List.copyOf(terms);
        votes = List.copyOf(votes);
        eligible = List.copyOf(eligible);
        excluded = List.copyOf(excluded);
        insights = List.copyOf(insights);
    }

    /**
     * A value bound to a parameter.
     *
     * @param text as people read it, null for SQL NULL
     */
    public record BindView(String type, @Nullable String text) {}

    /**
     * One rule's terms and how far they are met.
     *
     * @param groups    members of any of these may countersign, at one stage or another
     * @param quorum    how many distinct persons must, over all stages
     * @param approvals how many have
     * @param stages    what must be met, in this order
     */
    public record TermView(String rule, SortedSet<String> groups, int quorum, int approvals, List<StageView> stages) {

        public TermView {
            stages = List.copyOf(stages);
        }

        public boolean met() {
            return approvals >= quorum && stages.stream().allMatch(StageView::met);
        }
    }

    /**
     * One stage and how far it is met.
     *
     * @param approvers names of approver groups; none where it is automatic
     * @param groups    members of any of these may countersign
     * @param quorum    how many distinct persons must
     * @param each      whether each approver group must give one of them
     * @param approvals how many have
     * @param open      whether it takes votes now
     * @param met       whether nothing is missing at it
     * @param automatic the automatic approver that is asked and no person; empty where persons countersign
     */
    public record StageView(
            List<String> approvers,
            SortedSet<String> groups,
            int quorum,
            boolean each,
            int approvals,
            boolean open,
            boolean met,
            Optional<String> automatic) {

        public StageView {
            approvers = List.copyOf(approvers);
        }
    }

    /** One approver's word. */
    public record VoteView(Identity voter, Choice choice, String comment, Instant at) {}

    /** @param reasons each one sentence */
    public record ExcludedView(Identity who, List<String> reasons) {

        public ExcludedView {
            reasons = List.copyOf(reasons);
        }
    }
}
