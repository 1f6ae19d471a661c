package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.policy.Decision.Ruling;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a condition may cost is limited: beyond that its rule refuses, whatever it would have said. */
class ACostlyConditionRefusesTest {

    @TempDir
    private Path folder;

    private static Command ofManyKinds() {
        Command plain = command(
                DelegationChain.of(person("alice", "support")), "SELECT 1", effect("sql:select", "public", "t"));
        Content content = plain.content();
        return new Command(
                plain.session(),
                1,
                plain.phase(),
                new Content(
                        content.text(),
                        content.digest(),
                        Collections.nCopies(40, "SELECT"),
                        content.effects(),
                        Set.of()),
                plain.binds(),
                plain.state());
    }

    private Decision decided(String condition, Command command) throws IOException, PolicyException {
        return Shop.policy(folder, duties(condition)).decide(command, Instant.EPOCH);
    }

    private static String duties(String condition) {
        return """
                duties:
                  - name: d
                    carried-by: [support]
                    rules:
                      - {name: r, targets: [shop], effects: ["sql:select"], decision: permit, when: '%s'}
                """.formatted(condition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "command.kinds.all(a, command.kinds.all(b, command.kinds.all(c, true)))",
                "command.text.matches(\"((a{100}){100}){10}\")"
            })
    void byLoopsWithinLoopsAndByLargePatterns(String condition) throws Exception {
        Decision decision = decided(condition, ofManyKinds());
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.words()).contains("could not be evaluated"));
    }

    @Test
    void butNotOneWithinTheLimits() throws Exception {
        assertThat(decided("command.kinds.all(a, command.kinds.exists(b, a == b))", ofManyKinds())
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void anExpressionThatIsTooLongDoesNotLoad() throws Exception {
        assertThat(Shop.problems(folder, duties("true || " + "true || ".repeat(600) + "true")))
                .isNotEmpty();
    }

    static Set<String> variables() {
        return Condition.VARIABLES.keySet();
    }

    @ParameterizedTest
    @MethodSource("variables")
    void everyVariableHasAValue(String name) throws Exception {
        assertThat(decided(name + " == " + name, ofManyKinds()).ruling()).isEqualTo(Ruling.PERMIT);
    }
}
