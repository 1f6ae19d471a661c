package io.countersign.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Bind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WhatAPlanLeavesOpenHasBoundsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "integer, 1,    100,  -,       int4,    1,              true",
                "integer, 1,    100,  -,       '',      100,            true",
                "integer, 1,    100,  -,       int8,    101,            false",
                "integer, 1,    100,  -,       int4,    0,              false",
                "integer, 1,    100,  -,       int4,    1.5,            false",
                "integer, 1,    100,  -,       int4,    ' 7',           false",
                "integer, 1,    100,  -,       int4,    0x7,            false",
                "integer, 1,    100,  -,       text,    7,              false",
                "integer, 1,    100,  -,       numeric, 7,              false",
                "integer, -5,   5,    -,       int2,    -5,             true",
                "number,  0,    0.5,  -,       numeric, 0.50,           true",
                "number,  0,    0.5,  -,       numeric, 0.51,           false",
                "number,  0,    0.5,  -,       numeric, NaN,            false",
                "number,  0,    9,    -,       float8,  1e0,            false",
                "date,    2026-01-01, 2026-12-31, -, date, 2026-12-31,  true",
                "date,    2026-01-01, 2026-12-31, -, date, 2027-01-01,  false",
                "date,    2026-01-01, 2026-12-31, -, date, 01.02.2026,  false",
                "date,    2026-01-01, 2026-12-31, -, date, infinity,    false",
                "text,    -,    -,    '[a-z]{2,5}', varchar, open,      true",
                "text,    -,    -,    '[a-z]{2,5}', '',      open,      true",
                "text,    -,    -,    '[a-z]{2,5}', text,    'open; --', false",
                "text,    -,    -,    'open|shut',  text,    openshut,  false",
                "text,    -,    -,    '.*',         bytea,   open,      false"
            })
    void aValueIsInsideOrItIsNot(
            String type, String least, String most, String pattern, String boundAs, String value, boolean inside) {
        OpenParameter parameter = OpenParameter.of(type, least, most, pattern);
        Bind bind = new Bind(boundAs, value, value.getBytes(StandardCharsets.UTF_8));
        assertThat(parameter.refusal(bind).isEmpty()).isEqualTo(inside);
    }

    @Test
    void binaryNumbersAreKnownByTheirTypeOnly() {
        OpenParameter parameter = OpenParameter.of("integer", "1", "100", null);
        byte[] seven = {0, 0, 0, 7};
        assertThat(parameter.refusal(new Bind("int4", "7", seven))).isEmpty();
        assertThat(parameter.refusal(new Bind("", "7", seven))).contains("is not integer from 1 to 100");
        assertThat(parameter.refusal(Bind.binary("int4", seven))).isPresent();
    }

    @Test
    void nullIsOutsideOfEveryBound() {
        assertThat(OpenParameter.of("text", null, null, ".*").refusal(new Bind("text", null, null)))
                .contains("is NULL, and must be text like .*");
    }

    @Test
    void aTextThatIsLongEnoughToHurtIsOutside() {
        OpenParameter anything = OpenParameter.of("text", null, null, "(?s).*");
        assertThat(anything.refusal(text("x".repeat(OpenParameter.LONGEST)))).isEmpty();
        assertThat(anything.refusal(text("x".repeat(OpenParameter.LONGEST + 1))))
                .isPresent();
    }

    @Test
    void aCostlyPatternCostsNothing() {
        OpenParameter evil = OpenParameter.of("text", null, null, "(a+)+b");
        assertThat(evil.refusal(text("a".repeat(OpenParameter.LONGEST)))).isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "integer, -,    100,  -,   with min and max",
                "integer, 1,    100,  .*,  with min and max",
                "integer, 1.5,  100,  -,   1.5 is no bound of an integer",
                "integer, 100,  1,    -,   min is greater than max",
                "number,  a,    1,    -,   a is no bound of a number",
                "date,    1,    2,    -,   1 is no date",
                "money,   1,    2,    -,   'integer, number, date or text, not money'",
                "text,    -,    -,    -,   a text parameter has a pattern",
                "text,    1,    2,    .*,  a text parameter has a pattern",
                "text,    -,    -,    (,   the pattern is not understood",
                "text,    -,    -,    '(?=x)', the pattern is not understood"
            })
    void andBoundsAreWrittenRight(String type, String least, String most, String pattern, String words) {
        assertThatThrownBy(() -> OpenParameter.of(type, least, most, pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    private static Bind text(String value) {
        return new Bind("text", value, value.getBytes(StandardCharsets.UTF_8));
    }
}
