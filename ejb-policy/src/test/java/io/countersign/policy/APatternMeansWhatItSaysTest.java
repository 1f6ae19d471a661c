package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class APatternMeansWhatItSaysTest {

    @ParameterizedTest
    @CsvSource({
        "sql:select,                       sql:select, table, public/t,      true",
        "sql:select,                       sql:selects, table, public/t,     false",
        "sql:*,                            sql:drop,   table, public/t,      true",
        "sql:*,                            http:GET,   path,  v1,            false",
        "sql:select on table,              sql:select, table, public/t,      true",
        "sql:select on table,              sql:select, view,  public/t,      false",
        "sql:select on table public.*,     sql:select, table, public/t,      true",
        "sql:select on table public.*,     sql:select, table, t,             false",
        "sql:select on table public.*,     sql:select, table, shop/public/t, false",
        "sql:select on table public.*,     sql:select, table, public.t,      false",
        "sql:select on table **.t,         sql:select, table, t,             true",
        "sql:select on table **.t,         sql:select, table, a/b/t,         true",
        "sql:select on table **,           sql:select, table, a/b/t,         true",
        "sql:select on table public.ord*,  sql:select, table, public/orders, true",
        "sql:select on table public.ord*,  sql:select, table, public/Orders, false",
        "'sql:select on table \"a.b\".t',  sql:select, table, a.b/t,         true",
        "'sql:select on table \"a*\".t',   sql:select, table, ab/t,          false",
        "'sql:select on table \"a\"\"b\"', sql:select, table, a\"b,          true",
    })
    void matches(String pattern, String action, String kind, String path, boolean expected) {
        Effect effect = Effect.of(action, new Resource(kind, List.of(path.split("/"))));
        assertThat(EffectPattern.parse(pattern).matches(effect)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select something on", "sql:select table t", "sql:select on", "sql:select on table a..b",
                "sql:select on table \"a", "sql:select on table \"a\"b", "sql;drop",
                        "sql:select on table a.b.c.d.e.f.g.h.i"
            })
    void whatIsNoPatternIsRefusedWithWords(String pattern) {
        assertThatThrownBy(() -> EffectPattern.parse(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("(?s).{15,}");
    }

    @ParameterizedTest
    @CsvSource({
        "a*, *b, true",
        "a*, b*, false",
        "**.payments, public.*, true",
        "orders.*, public.*, false",
        "*, '', true",
        "a, a, true",
        "a, ab, false",
        "a*c, abd*, true",
        "a*c, *d, false",
        "*a*a*, b*, true",
    })
    void twoPatternsMeetWhereSomeTextFitsBoth(String one, String other, boolean expected) {
        assertThat(new Glob(one).meets(new Glob(other))).isEqualTo(expected);
        assertThat(new Glob(other).meets(new Glob(one))).isEqualTo(expected);
    }

    @Test
    void manyWildCardsAgainstALongNameTakeNoTimeToSpeakOf() {
        EffectPattern pattern = EffectPattern.parse("sql:select on table " + "*a".repeat(40) + "b");
        Effect effect = Effect.of("sql:select", new Resource("table", List.of("a".repeat(10_000))));
        assertThat(pattern.matches(effect)).isFalse();
    }
}
