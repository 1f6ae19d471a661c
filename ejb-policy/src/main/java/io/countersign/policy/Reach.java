package io.countersign.policy;

import io.countersign.api.Effect;
import io.countersign.policy.Decision.Ruling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who can do what on a target, and whom they need: what the rules say of each group that the policy knows, taken alone. Who
 * is in several groups may do what each of them may, and the strictest rule counts.
 */
public final class Reach {

    private Reach() {}

    /**
     * One way to an effect.
     *
     * @param effect  what of it, as the rule writes it
     * @param action  {@code sql:delete}, as the rule writes it
     * @param held    whether somebody else must countersign it; {@code needs} says who
     * @param needs   {@code 1 of approvers countersigns}; empty where nobody must
     * @param when    the condition under which it is one; empty where there is none
     * @param how     how the group comes to use the duty for a time; empty where it carries it
     * @param granted whether others must agree to that before
     * @param rule    with file and line
     */
    public record Way(
            String group,
            String duty,
            String rule,
            String effect,
            String action,
            boolean held,
            String needs,
            String when,
            String how,
            boolean granted) {

        /** Whether it reaches the target without anybody else. */
        public boolean alone() {
            return !held && !granted;
        }

        /** {@code support: sql:delete on table public.*, once 1 of approvers countersigns (changes (shop.yaml:9))}. */
        public String described() {
            return group + (how.isEmpty() ? "" : ", " + how) + ": " + effect + (held ? ", once " + needs : "")
                    + (when.isEmpty() ? "" : ", where " + when) + "  [" + rule + "]";
        }
    }

    /**
     * Everything that reaches a target, by group.
     *
     * @param asked an effect ({@code sql:delete on table public.orders}) or an action ({@code sql:delete}) to ask for;
     *              everything where empty
     * @throws IllegalArgumentException where it is neither
     */
    static List<Way> of(Policy.Parts parts, String target, Optional<String> asked) {
        Predicate<EffectPattern> concerned = asked.map(Reach::concerned).orElse(pattern -> true);
        List<Way> ways = new ArrayList<>();
        for (String group : groups(parts)) {
            List<Rule> carried = parts.rules().stream()
                    .filter(rule -> rule.speaksOf(target)
                            && how(parts, rule, group).filter(String::isEmpty).isPresent())
                    .toList();
            for (Rule rule : parts.rules()) {
                Optional<String> how = how(parts, rule, group);
                if (how.isPresent() && rule.ruling() != Ruling.REFUSE && rule.speaksOf(target)) {
                    rule.effects().stream()
                            .filter(concerned)
                            .filter(pattern -> !overruled(rule, pattern, carried))
                            .forEach(pattern -> ways.add(way(parts, group, rule, pattern, how.get())));
                }
            }
        }
        return ways;
    }

    private static Predicate<EffectPattern> concerned(String asked) {
        if (asked.contains(" on ")) {
            Effect effect = WrittenEffect.parse(asked);
            return pattern -> pattern.matches(effect);
        }
        EffectPattern action = EffectPattern.parse(asked);
        return pattern -> new Glob(pattern.action()).meets(new Glob(action.action()));
    }

    static Set<String> groups(Policy.Parts parts) {
        Set<String> groups = new TreeSet<>();
        parts.carriers().values().forEach(groups::addAll);
        parts.elevations().values().forEach(elevation -> groups.addAll(elevation.groups()));
        return groups;
    }

    /** How a group comes to use a rule's duty; nothing in between where it carries it, empty where it does not at all. */
    private static Optional<String> how(Policy.Parts parts, Rule rule, String group) {
        Optional<Elevation> elevation = Optional.ofNullable(parts.elevations().get(rule.duty()))
                .filter(each -> each.groups().contains(group));
        if (elevation.isPresent() && elevation.get() instanceof Elevation.BreakGlass glass) {
            return Optional.of("by breaking the glass, reviewed by " + RuleWords.stages(glass.stages()));
        }
        if (parts.carriers().getOrDefault(rule.duty(), Set.of()).contains(group)) {
            return Optional.of("");
        }
        return elevation.map(each -> "for a time, granted by " + RuleWords.stages(each.stages()));
    }

    /** Something stricter always decides the same, whatever its condition says. */
    private static boolean overruled(Rule rule, EffectPattern pattern, List<Rule> rules) {
        return rules.stream()
                .anyMatch(other -> other.condition().isEmpty()
                        && other.ruling().compareTo(rule.ruling()) > 0
                        && other.effects().stream().anyMatch(wide -> wide.covers(pattern)));
    }

    private static Way way(Policy.Parts parts, String group, Rule rule, EffectPattern pattern, String how) {
        return new Way(
                group,
                rule.duty(),
                rule.name() + " (" + rule.file() + ":" + rule.line() + ")",
                pattern.described(),
                pattern.action(),
                rule.ruling() == Ruling.HOLD,
                RuleWords.terms(rule),
                rule.condition().map(Condition::text).orElse(""),
                how,
                !how.isEmpty() && parts.elevations().get(rule.duty()) instanceof Elevation.Grantable);
    }
}
