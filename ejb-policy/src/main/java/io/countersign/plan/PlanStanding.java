package io.countersign.plan;

import io.countersign.api.DelegationChain;
import io.countersign.api.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * How a plan stands at one moment.
 *
 * @param request  the approval request that decides it
 * @param planner  who submitted it: the whole delegation chain
 * @param settings what its session must declare of what changes the meaning of commands, and nothing else of that kind
 * @param steps    its commands, in their order
 * @param revision the policy revision that judged it, under which alone it runs
 * @param done     what became of the steps that were let go, the first first
 * @param session  where it runs or ran
 * @param executor who runs or ran it: the whole delegation chain
 * @param until    when it must have been begun; empty while it waits
 * @param why      why it ended
 */
public record PlanStanding(
        long id,
        PlanState state,
        long request,
        DelegationChain planner,
        String protocol,
        String target,
        String reason,
        SortedMap<String, String> settings,
        List<Step> steps,
        String revision,
        List<Done> done,
        Optional<String> session,
        Optional<DelegationChain> executor,
        Instant asked,
        Optional<Instant> until,
        Optional<Instant> ended,
        Optional<String> why) {

    public PlanStanding {
        steps = List.copyOf(steps);
        done = List.copyOf(done);
    }

    /**
     * Why it can not be begun any more; empty where it can, or has been.
     *
     * @param revision of the policy in force; empty where none is
     */
    public Optional<String> overdue(Instant now, String revision) {
        if (state != PlanState.READY) {
            return Optional.empty();
        }
        if (!revision.isEmpty() && !this.revision.equals(revision)) {
            return Optional.of("the policy has changed since it was submitted");
        }
        return until.filter(end -> !now.isBefore(end)).map(end -> "nobody began it in time");
    }

    /** Whether every step was let go and carried out. */
    boolean complete() {
        return done.size() == steps.size() && done.stream().allMatch(each -> each.status() == Outcome.Status.DONE);
    }
}
