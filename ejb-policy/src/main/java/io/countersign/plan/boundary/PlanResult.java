package io.countersign.plan.boundary;

import java.util.List;

/** What became of an attempt to submit a plan, or to end one. */
public sealed interface PlanResult {

    /** It waits for others, or has ended: as the view says. */
    record Done(PlanView plan) implements PlanResult {}

    /** @param reasons every reason why not, each one sentence */
    record Refused(List<String> reasons) implements PlanResult {

        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** What was submitted is wrong in itself: there is no such target, or a command is not understood. */
    record Wrong(String reason) implements PlanResult {}

    record NotFound() implements PlanResult {}
}
