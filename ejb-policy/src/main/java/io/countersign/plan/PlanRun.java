package io.countersign.plan;

import io.countersign.api.Command;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Planning;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A session that runs a plan: what is next in it, and what becomes of anything else. The policy is asked anew for each
 * command; what it would hold goes on by the approval of the plan, as far as that covers it.
 */
public final class PlanRun {

    private final PlanStanding plan;
    private final String session;
    private final Set<Terms> approved;
    private final Map<Long, Integer> steps = new HashMap<>();
    private int next;
    private @Nullable String over;

    /**
     * @param session where it runs
     * @param approved the terms that the plan's request has met
     */
    public PlanRun(PlanStanding plan, String session, List<Terms> approved) {
        this.plan = plan;
        this.session = session;
        this.approved = Set.copyOf(approved);
    }

    public PlanStanding plan() {
        return plan;
    }

    public String session() {
        return session;
    }

    /** The place of the next step, from 0. */
    public synchronized int next() {
        return next;
    }

    /** Why nothing of it runs any more; empty where it goes on. */
    public synchronized Optional<String> over() {
        return Optional.ofNullable(over);
    }

    /**
     * The decision on a command of this session: {@link Ruling#PERMIT} where it is the plan's next, else
     * {@link Ruling#REFUSE}.
     *
     * @param policy what the policy in force says of it; asked only where it is
     */
    public synchronized Decision decide(Command command, Optional<Planning> place, Supplier<Decision> policy) {
        if (over != null) {
            return refused(command, place, "Plan " + plan.id() + " is over: " + over + ".");
        }
        if (next == plan.steps().size()) {
            return refused(command, place, "Every command of plan " + plan.id() + " has been asked.");
        }
        Optional<String> other = plan.steps().get(next).refusal(command);
        if (other.isPresent()) {
            return refused(
                    command, place, "This is not command " + (next + 1) + " of plan " + plan.id() + ": " + other.get());
        }
        Decision decision = policy.get();
        if (decision.ruling() == Ruling.REFUSE) {
            return decision;
        }
        if (!decision.revision().equals(plan.revision())) {
            return refused(command, place, Executors.changed(plan));
        }
        Set<Terms> missing = new HashSet<>(decision.terms());
        missing.removeAll(approved);
        return missing.isEmpty()
                ? countersigned(decision)
                : refused(
                        command,
                        place,
                        "The approval of plan " + plan.id() + " does not cover what rule "
                                + missing.iterator().next().rule() + " asks for where others run it.");
    }

    /** The next step was let go under this number. */
    public synchronized void went(long command) {
        steps.put(command, next++);
    }

    /** Nothing of it runs any more. */
    public synchronized void end(String why) {
        if (over == null) {
            over = why;
        }
    }

    /** Which step a command is, from 0; empty where it only prepared one. */
    public synchronized Optional<Integer> step(long command) {
        return Optional.ofNullable(steps.get(command));
    }

    /** What others agreed to beforehand does not wait for them again. */
    private Decision countersigned(Decision decision) {
        List<Reason> reasons = decision.reasons().stream()
                .map(reason -> reason.ruling() != Ruling.HOLD
                        ? reason
                        : new Reason(
                                reason.effect(),
                                Ruling.PERMIT,
                                reason.rule(),
                                reason.file(),
                                reason.line(),
                                "Approved with plan " + plan.id() + ": " + reason.words()))
                .toList();
        return new Decision(
                Ruling.PERMIT, reasons, decision.obligations(), List.of(), decision.duties(), decision.revision());
    }

    private Decision refused(Command command, Optional<Planning> place, String words) {
        List<Reason> reasons = command.content().effects().stream()
                .map(effect -> new Reason(
                        effect.described(),
                        Ruling.REFUSE,
                        Planning.RULE,
                        place.map(Planning::file).orElse(""),
                        place.map(Planning::line).orElse(0),
                        words))
                .toList();
        return new Decision(Ruling.REFUSE, reasons, List.of(), List.of(), Set.of(), plan.revision());
    }
}
