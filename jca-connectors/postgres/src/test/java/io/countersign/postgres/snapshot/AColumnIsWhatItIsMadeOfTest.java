package io.countersign.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.postgres.snapshot.ColumnOrigins.Column;
import io.countersign.postgres.snapshot.ColumnOrigins.Origin;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Of rules as servers store them; AMaskedColumnIsReadNoOtherWayTest has a server store some. */
class AColumnIsWhatItIsMadeOfTest {

    private static final String TABLE =
            "{RANGETBLENTRY :alias <> :eref {ALIAS :aliasname a\\ b :colnames (\"id\" \"card\")}"
                    + " :rtekind 0 :relid 16384 :inh true}";

    @Test
    void oneAsItIs() {
        assertThat(of(query(TABLE, entry("{VAR :varno 1 :varattno 2 :varlevelsup 0}", "a\\ b"))))
                .isEqualTo(new Origin(Set.of(new Column(16384, 2)), true, true));
    }

    @Test
    void anExpressionOverIt() {
        assertThat(of(query(
                        TABLE,
                        entry(
                                "{FUNCEXPR :funcid 871 :args ({VAR :varno 1 :varattno 2 :varlevelsup 0} {CONST :constvalue 4"
                                        + " [ 1 0 0 0 ]})}",
                                "u"))))
                .isEqualTo(new Origin(Set.of(new Column(16384, 2)), false, true));
    }

    @Test
    void whatIsNotKnownIsNotSure() {
        assertThat(of(query(TABLE, entry("{FUNCEXPR :funcid 99999 :args <>}", "u"))))
                .as("code of somebody's own")
                .isEqualTo(Origin.UNSURE);
        assertThat(of(query("{RANGETBLENTRY :rtekind 77}", entry("{VAR :varno 1 :varattno 2 :varlevelsup 0}", "u"))))
                .isEqualTo(Origin.UNSURE);
        assertThat(of(query(TABLE, entry("{VAR :varno 1 :varattno 2 :varlevelsup 1}", "u"))))
                .isEqualTo(Origin.UNSURE);
        assertThat(of("({QUERY :targetList (")).isEqualTo(Origin.UNSURE);
        assertThat(of("")).isEqualTo(Origin.UNSURE);
        assertThat(of("(".repeat(100_000))).isEqualTo(Origin.UNSURE);
    }

    @Test
    void aNameThatLooksLikeAFieldHidesNothing() {
        assertThat(of(query(TABLE, entry("{VAR :varno 1 :varattno 2 :varlevelsup 0}", ":expr"))))
                .isEqualTo(Origin.UNSURE);
        assertThat(of(query(TABLE, entry("{VAR :varno 1 :varattno 2 :varlevelsup 0}", "\\{\\ :expr\\ \\<"))))
                .isEqualTo(new Origin(Set.of(new Column(16384, 2)), true, true));
    }

    @FuzzTest
    void rules(byte[] input) {
        String rule = new String(input, StandardCharsets.UTF_8);
        ColumnOrigins origins = new ColumnOrigins(Map.of(1, rule, 2, rule), function -> function < 16384);
        for (int view = 1; view <= 2; view++) {
            for (int number = 0; number <= 3; number++) {
                Origin origin = origins.of(view, number);
                assertThat(!origin.plain() || origin.columns().size() == 1 && origin.sure())
                        .as("nothing but one column")
                        .isTrue();
                assertThat(origin.columns()).noneMatch(column -> column.table() == 1 || column.table() == 2);
            }
        }
    }

    @Test
    void aViewThatReadsItselfEnds() {
        ColumnOrigins origins = new ColumnOrigins(
                Map.of(
                        1,
                        query(
                                "{RANGETBLENTRY :rtekind 0 :relid 1}",
                                entry("{VAR :varno 1 :varattno 1 :varlevelsup 0}", "x"))),
                function -> true);
        assertThat(origins.of(1, 1).columns()).isEmpty();
    }

    private static Origin of(String rule) {
        return new ColumnOrigins(Map.of(1, rule), function -> function < 16384).of(1, 1);
    }

    private static String query(String range, String target) {
        return "({QUERY :commandType 1 :rtable (" + range + ") :targetList (" + target + ") :setOperations <>})";
    }

    private static String entry(String expression, String name) {
        return "{TARGETENTRY :expr " + expression + " :resno 1 :resname " + name
                + " :ressortgroupref 0 :resjunk false}";
    }
}
