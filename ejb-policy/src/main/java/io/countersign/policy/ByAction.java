package io.countersign.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Some rules, found by the action of an effect: those that name others are not asked. */
final class ByAction {

    private final Map<String, List<Rule>> named = new HashMap<>();
    private final List<Rule> patterns;

    ByAction(List<Rule> rules) {
        patterns = rules.stream().filter(rule -> !namesActions(rule)).toList();
        for (Rule rule : rules) {
            if (namesActions(rule)) {
                rule.effects().stream()
                        .map(EffectPattern::action)
                        .distinct()
                        .forEach(action -> named.computeIfAbsent(action, key -> new ArrayList<>())
                                .add(rule));
            }
        }
        named.values().forEach(list -> list.addAll(patterns));
    }

    /** In the order of the folder, those with a pattern for an action last. */
    List<Rule> of(String action) {
        return named.getOrDefault(action, patterns);
    }

    private static boolean namesActions(Rule rule) {
        return rule.effects().stream().allMatch(EffectPattern::namesAction);
    }
}
