package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.sql.Corpus.Line;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NoStatementPassesForLessThanItIsTest {

    @ParameterizedTest
    @MethodSource("evasions")
    void howeverItIsWritten(Line evasion) {
        assertThat(Corpus.described(evasion.sent())).isEqualTo(evasion.expected());
    }

    @Test
    void andManyWereTried() throws IOException {
        assertThat(evasions()).hasSizeGreaterThan(200).doesNotHaveDuplicates();
    }

    static List<Line> evasions() throws IOException {
        return Corpus.lines("evasions.txt");
    }
}
