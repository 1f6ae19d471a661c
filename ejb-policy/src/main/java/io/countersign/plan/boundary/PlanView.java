package io.countersign.plan.boundary;

import io.countersign.api.Identity;
import io.countersign.api.Outcome;
import io.countersign.approval.State;
import io.countersign.plan.Done;
import io.countersign.plan.PlanStanding;
import io.countersign.plan.PlanState;
import io.countersign.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One plan as people read it.
 *
 * @param planner      who submitted it: the whole delegation chain, outermost first
 * @param executor     who runs or ran it; empty where nobody did
 * @param request      the approval request that decides it
 * @param requestState how that stands
 * @param settings     what the session that runs it must declare
 * @param ran          how many of its commands were let go
 * @param until        when it must have been begun
 */
public record PlanView(
        long id,
        PlanState state,
        List<Identity> planner,
        List<Identity> executor,
        String target,
        String reason,
        SortedMap<String, String> settings,
        List<StepView> steps,
        int ran,
        String policyRevision,
        long request,
        State requestState,
        Optional<String> session,
        Instant asked,
        Optional<Instant> until,
        Optional<Instant> ended,
        Optional<String> why) {

    public PlanView {
        planner = List.copyOf(planner);
        executor = List.copyOf(executor);
        steps = List.copyOf(steps);
    }

    /**
     * One command and what became of it.
     *
     * @param number     its place, from 1
     * @param parameters what its values may be, {@code $1} first
     * @param command    its number within the session, once it was let go
     * @param status     how it ended, once the target has answered
     */
    public record StepView(
            int number,
            String statement,
            List<ParameterView> parameters,
            List<String> effects,
            Optional<Long> command,
            Optional<Instant> at,
            Optional<Outcome.Status> status,
            String detail,
            long rows) {

        public StepView {
            parameters = List.copyOf(parameters);
            effects = List.copyOf(effects);
        }
    }

    /** @param bounds for people: {@code from 1 to 100} */
    public record ParameterView(String type, String bounds) {}

    static PlanView of(PlanStanding plan, State request) {
        List<StepView> steps = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            steps.add(step(
                    i + 1,
                    plan.steps().get(i),
                    i < plan.done().size() ? Optional.of(plan.done().get(i)) : Optional.empty()));
        }
        return new PlanView(
                plan.id(),
                plan.state(),
                plan.planner().links(),
                plan.executor().map(chain -> chain.links()).orElse(List.of()),
                plan.target(),
                plan.reason(),
                plan.settings(),
                steps,
                plan.done().size(),
                plan.revision(),
                plan.request(),
                request,
                plan.session(),
                plan.asked(),
                plan.until(),
                plan.ended(),
                plan.why());
    }

    private static StepView step(int number, Step step, Optional<Done> done) {
        return new StepView(
                number,
                step.text(),
                step.parameters().stream()
                        .map(parameter -> new ParameterView(parameter.type(), parameter.bounds()))
                        .toList(),
                step.effects(),
                done.map(Done::command),
                done.map(Done::at),
                done.flatMap(each -> Optional.ofNullable(each.status())),
                done.map(Done::detail).orElse(""),
                done.map(Done::touched).orElse(0L));
    }
}
