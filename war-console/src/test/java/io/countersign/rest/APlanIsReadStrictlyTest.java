package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.DelegationChain;
import io.countersign.plan.OpenParameter;
import io.countersign.plan.boundary.Plans;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class APlanIsReadStrictlyTest {

    @Test
    void withWhatItLeavesOpen() throws IOException {
        Plans.Question plan = read("""
                {"target": "shop", "reason": "month end", "settings": {"timezone": "UTC"}, "commands": [
                  {"statement": "UPDATE orders SET total = $1 WHERE state = $2",
                   "parameters": [{"type": "integer", "min": 1, "max": "100"}, {"type": "text", "pattern": "open|shut"}]},
                  {"statement": "SELECT 1"}]}""");
        assertThat(plan.target()).isEqualTo("shop");
        assertThat(plan.settings()).containsOnly(Map.entry("timezone", "UTC"));
        assertThat(plan.commands())
                .extracting(Plans.Asked::statement)
                .containsExactly("UPDATE orders SET total = $1 WHERE state = $2", "SELECT 1");
        assertThat(plan.commands().getFirst().parameters())
                .extracting(OpenParameter::described)
                .containsExactly("integer from 1 to 100", "text like open|shut");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'reason': 'r', 'commands': []}                                   | The member target is missing.",
                "{'target': 't', 'target': 'u', 'reason': 'r', 'commands': []}     | with each member once",
                "{'target': 't', 'reason': 'r', 'command': []}                     | and no others",
                "{'target': 't', 'reason': 'r', 'commands': {}}                    | The member commands is a list.",
                "{'target': 't', 'reason': 'r', 'commands': ['SELECT 1']}          | The member commands is a list of objects.",
                "{'target': 't', 'reason': 'r', 'commands': [{'statement': 1}]}    | The member statement is a text.",
                "{'target': 't', 'reason': 'r', 'commands': [{'statement': 's', 'parameters': [{'type': 'text'}]}]} | has a pattern",
                "{'target': 't', 'reason': 'a\\u0000b', 'commands': []}            | has U+0000",
                "[]                                                                | The body is not a JSON object",
                "{'target': 't'                                                    | The body is not a JSON object"
            })
    void andNothingElse(String body, String words) {
        assertThatThrownBy(() -> read(body.replace('\'', '"')))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().json().getString("detail"))
                                .contains(words));
    }

    @Test
    void norMoreThanAPlanMayHave() {
        assertThatThrownBy(() -> read("x".repeat(PlanBody.LONGEST_BODY + 1)))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        refused -> assertThat(refused.problem().json().getInt("status"))
                                .isEqualTo(413));
    }

    private static Plans.Question read(String body) throws IOException {
        return PlanBody.read(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), DelegationChain.of(Samples.ALICE));
    }
}
