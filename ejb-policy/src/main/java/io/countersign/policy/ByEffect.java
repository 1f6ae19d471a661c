package io.countersign.policy;

import io.countersign.api.Effect;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Some rules, found by the action of an effect and the last part of the name of what it falls upon: those that name others
 * are not asked, however many they are.
 */
final class ByEffect {

    private record Named(String action, String name) {}

    /** @param at its place in the folder */
    private record Placed(int at, Rule rule) {}

    private final Map<Named, List<Placed>> named = new HashMap<>();
    private final Map<String, List<Placed>> ofAnyName = new HashMap<>();
    private final List<Rule> ofAnyAction = new ArrayList<>();

    ByEffect(List<Rule> rules) {
        for (int at = 0; at < rules.size(); at++) {
            Rule rule = rules.get(at);
            if (rule.effects().stream().allMatch(EffectPattern::namesAction)) {
                for (EffectPattern effect : rule.effects()) {
                    Optional<String> name = effect.lastName();
                    (name.isPresent()
                                    ? named.computeIfAbsent(
                                            new Named(effect.action(), name.get()), key -> new ArrayList<>())
                                    : ofAnyName.computeIfAbsent(effect.action(), key -> new ArrayList<>()))
                            .add(new Placed(at, rule));
                }
            } else {
                ofAnyAction.add(rule);
            }
        }
    }

    /** All that may speak of it and some that do not, in the order of the folder, those with a pattern for an action last. */
    Stream<Rule> of(Effect effect) {
        List<String> path = effect.resource().path();
        List<Placed> ofName =
                path.isEmpty() ? List.of() : named.getOrDefault(new Named(effect.action(), path.getLast()), List.of());
        Stream<Rule> ofAction = Stream.concat(
                        ofName.stream(), ofAnyName.getOrDefault(effect.action(), List.of()).stream())
                .sorted(Comparator.comparingInt(Placed::at))
                .distinct()
                .map(Placed::rule);
        return Stream.concat(ofAction, ofAnyAction.stream());
    }
}
