package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ARuleIsFoundByWhatItNamesTest {

    private static final List<String> ACTIONS = List.of("sql:select", "sql:delete", "sql:*", "*");
    private static final List<String> PARTS = List.of("a", "b", "\"b\"", "\"a.b\"", "*", "a*", "**");
    private static final List<String> NAMES = List.of("a", "b", "ab", "a.b", "");

    private final Random random = new Random(7);

    @Test
    void whateverItsPatternsAre() {
        int spoke = 0;
        for (int round = 0; round < 300; round++) {
            List<Rule> rules = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                List<EffectPattern> effects = new ArrayList<>();
                for (int j = 0; j <= random.nextInt(3); j++) {
                    effects.add(EffectPattern.parse(pattern()));
                }
                rules.add(rule(i, effects));
            }
            ByEffect found = new ByEffect(rules);
            for (int i = 0; i < 30; i++) {
                Effect effect = effect();
                List<Rule> speaking =
                        rules.stream().filter(rule -> rule.speaksOf(effect)).toList();
                assertThat(found.of(effect).filter(rule -> rule.speaksOf(effect)))
                        .as(effect.described())
                        .containsExactlyInAnyOrderElementsOf(speaking);
                spoke += speaking.size();
            }
        }
        assertThat(spoke).isGreaterThan(10_000);
    }

    @Test
    void inTheOrderOfTheFolder() {
        List<Rule> rules = List.of(
                rule(0, List.of(EffectPattern.parse("sql:* on table a"))),
                rule(1, List.of(EffectPattern.parse("sql:select on table a"))),
                rule(2, List.of(EffectPattern.parse("sql:select"), EffectPattern.parse("sql:select on table a"))),
                rule(3, List.of(EffectPattern.parse("sql:select on table a"))));
        assertThat(new ByEffect(rules).of(Effect.of("sql:select", new Resource("table", List.of("a")))))
                .containsExactly(rules.get(1), rules.get(2), rules.get(3), rules.get(0));
    }

    @Test
    void thoseThatNameAnotherAreNotAsked() {
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rules.add(rule(i, List.of(EffectPattern.parse("sql:select on table public.t" + i))));
        }
        ByEffect found = new ByEffect(rules);
        assertThat(found.of(Effect.of("sql:select", new Resource("table", List.of("public", "t7")))))
                .containsExactly(rules.get(7));
        assertThat(found.of(Effect.of("sql:select", new Resource("table", List.of("public", "new")))))
                .isEmpty();
        assertThat(found.of(Effect.of("sql:select", new Resource("statement", List.of()))))
                .isEmpty();
    }

    private String pattern() {
        String action = one(ACTIONS);
        if (random.nextInt(6) == 0) {
            return action;
        }
        StringBuilder pattern = new StringBuilder(action).append(" on table ").append(one(PARTS));
        for (int i = 0; i < random.nextInt(3); i++) {
            pattern.append('.').append(one(PARTS));
        }
        return pattern.toString();
    }

    private Effect effect() {
        List<String> path = new ArrayList<>();
        for (int i = 0; i < random.nextInt(4); i++) {
            path.add(one(NAMES));
        }
        return Effect.of(one(ACTIONS.subList(0, 2)), new Resource("table", path));
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static Rule rule(int number, List<EffectPattern> effects) {
        return new Rule(
                "rule" + number,
                "duty",
                "rules.yaml",
                number,
                List.of(),
                effects,
                Optional.empty(),
                Decision.Ruling.PERMIT,
                "",
                Optional.empty(),
                List.of(),
                OptionalLong.empty());
    }
}
