package io.countersign.policy;

import io.countersign.api.Mask;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a rule says, in words. */
final class RuleWords {

    private RuleWords() {}

    /** {@code sql:delete on table public.* on shop, once 1 of approvers countersigns}. */
    static String of(Rule rule) {
        return effects(rule) + " on " + targets(rule)
                + (rule.ruling() == Ruling.HOLD ? ", once " + terms(rule) : "")
                + rule.condition()
                        .map(condition -> ", where " + condition.text())
                        .orElse("");
    }

    static String effects(Rule rule) {
        return joined(rule.effects().stream().map(EffectPattern::described).toList());
    }

    static String targets(Rule rule) {
        return joined(rule.targets().stream().map(Glob::pattern).toList());
    }

    static String masks(Rule rule) {
        return joined(rule.masks().stream().map(Mask::name).toList());
    }

    /** {@code 1 of approvers countersigns}. */
    static String terms(Rule rule) {
        return rule.terms().map(RuleWords::terms).orElse("");
    }

    static String terms(Terms terms) {
        return stages(terms.stages())
                + (terms.persons() == 1 && terms.stages().size() == 1 ? " countersigns" : " countersign");
    }

    /** {@code 1 of approvers, and then 2 of security}. */
    static String stages(List<Stage> stages) {
        return stages.stream().map(RuleWords::stage).collect(Collectors.joining(", and then "));
    }

    private static String stage(Stage stage) {
        return switch (stage) {
            case Stage.Automatic automatic -> "the automatic approver " + automatic.name();
            case Stage.Persons persons -> {
                List<String> groups = persons.approvers().stream()
                        .map(group -> sorted(group.groups()))
                        .toList();
                yield persons.each()
                        ? "one of each of " + String.join(" and ", groups)
                        : persons.quorum() + " of " + String.join(" or ", groups);
            }
        };
    }

    /** {@code for 120 s}. */
    static String bound(Optional<Duration> bound) {
        return bound.map(time -> "for " + time.toSeconds() + " s").orElse("for as long as it waits");
    }

    static String sorted(Collection<String> names) {
        return names.stream().sorted().collect(Collectors.joining(", "));
    }

    private static String joined(List<String> parts) {
        return String.join(", ", parts);
    }
}
