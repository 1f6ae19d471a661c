package io.countersign.plan;

import io.countersign.api.Command;
import io.countersign.api.Digest;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.approval.Held;
import io.countersign.approval.Matter;
import io.countersign.plan.Draft.Drafted;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Framer;
import io.countersign.policy.Planning;
import io.countersign.policy.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * Judges a plan as it is submitted: each command by the policy in force, as its planner's own. One that is refused refuses
 * the plan; whom one needs to countersign it, the plan needs. A pure function.
 */
public sealed interface Submission {

    /** @param held what others approve, as a whole */
    record Acceptable(Held held) implements Submission {}

    /** @param reasons every reason against it, each one sentence */
    record Refused(List<String> reasons) implements Submission {

        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** @param framers who brought rules into force, by their names */
    static Submission of(
            Policy policy, Planning planning, Draft draft, Function<List<String>, List<Framer>> framers, Instant now) {
        List<String> refusals = new ArrayList<>();
        Set<Reason> reasons = new LinkedHashSet<>(List.of(whole(planning, draft)));
        Set<Terms> terms = new LinkedHashSet<>(List.of(planning.terms()));
        int number = 0;
        for (Drafted each : draft.commands()) {
            Decision decision = policy.decide(command(draft, each, ++number, now), now);
            if (decision.ruling() == Ruling.REFUSE) {
                refusals.add(refusal(number, decision));
            }
            reasons.addAll(decision.reasons());
            terms.addAll(decision.terms());
        }
        return refusals.isEmpty()
                ? new Acceptable(held(
                        policy,
                        draft,
                        List.copyOf(reasons),
                        List.copyOf(terms),
                        framers.apply(
                                reasons.stream().map(Reason::rule).distinct().toList())))
                : new Refused(refusals);
    }

    private static Reason whole(Planning planning, Draft draft) {
        return new Reason(
                "plan:run on target " + draft.target(),
                Ruling.HOLD,
                Planning.RULE,
                planning.file(),
                planning.line(),
                "A plan runs once others have approved it as a whole.");
    }

    private static Command command(Draft draft, Drafted each, long number, Instant now) {
        Session none = new Session(
                new SessionId(new UUID(0, 0)), draft.planner(), draft.protocol(), draft.target(), "", now, Instant.MAX);
        return new Command(none, number, Command.Phase.RUN, each.content(), List.of(), Map.of("transaction", "I"));
    }

    private static String refusal(int number, Decision decision) {
        Reason first = decision.reasons().stream()
                .filter(reason -> reason.ruling() == Ruling.REFUSE)
                .findFirst()
                .orElseThrow();
        return ("Command " + number + " would be refused: " + first.effect() + ": " + first.words() + " "
                        + first.place())
                .strip();
    }

    private static Held held(
            Policy policy, Draft draft, List<Reason> reasons, List<Terms> terms, List<Framer> framers) {
        return new Held(
                Matter.PLAN,
                "",
                0,
                draft.planner(),
                draft.protocol(),
                draft.target(),
                List.of(Matter.PLAN.name()),
                draft.described(),
                List.of(),
                draft.commands().stream()
                        .flatMap(each -> each.content().effects().stream())
                        .map(effect -> effect.described())
                        .distinct()
                        .toList(),
                reasons,
                new TreeMap<>(),
                false,
                digest(draft, policy.revision()),
                policy.revision(),
                terms,
                Held.Owner.all(policy, draft.planner()),
                framers,
                List.of());
    }

    /** What the approval binds: who asks, where, what exactly in which order, what is left open, and the policy revision. */
    private static Digest digest(Draft draft, String revision) {
        Digest.Builder digest = Digest.over()
                .field(Matter.PLAN.name())
                .field(draft.protocol())
                .field(draft.target())
                .field(draft.reason());
        digest.length(draft.planner().links().size());
        draft.planner().links().forEach(link -> digest.field(link.issuer()).field(link.subject()));
        digest.length(draft.settings().size());
        draft.settings().forEach((name, value) -> digest.field(name).field(value));
        digest.length(draft.commands().size());
        for (Drafted each : draft.commands()) {
            Step step = each.step();
            digest.field(each.content().digest().bytes());
            digest.length(step.parameters().size());
            step.parameters().forEach(parameter -> digest.field(parameter.described()));
            digest.length(step.effects().size());
            step.effects().forEach(digest::field);
        }
        return digest.field(revision).done();
    }
}
