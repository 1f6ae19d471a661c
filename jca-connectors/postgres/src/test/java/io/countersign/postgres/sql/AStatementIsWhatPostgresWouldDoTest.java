package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Digest;
import io.countersign.postgres.sql.Corpus.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AStatementIsWhatPostgresWouldDoTest {

    private static final StatementReader READER = new StatementReader();

    @ParameterizedTest
    @MethodSource("lines")
    void asTheTableSays(Line line) {
        assertThat(Corpus.described(line.sent())).isEqualTo(line.expected());
    }

    @Test
    void andTheTableIsNotEmpty() throws IOException {
        assertThat(lines()).hasSizeGreaterThan(200);
    }

    @Test
    void placesAreInBytes() throws NotUnderstood {
        Statements statements = READER.read("SELECT 'é'; DELETE FROM t");
        assertThat(statements.statements()).extracting(Statement::offset).containsExactly(0, 13);
        assertThat(statements.statements()).extracting(Statement::length).containsExactly(11, 13);
    }

    @Test
    void theDigestIsThatOfTheExactBytes() throws NotUnderstood {
        String text = "SELECT 'é' ";
        assertThat(READER.read(text).digest()).isEqualTo(Digest.of(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(READER.read("DELETE FROM t").digest())
                .isNotEqualTo(READER.read("DELETE FROM t WHERE true").digest());
    }

    @Test
    void nothingIsInAnEmptyText() throws NotUnderstood {
        for (String text : List.of("", " \n", ";;", "-- nothing", "/* nothing */ ;")) {
            assertThat(READER.read(text).statements()).isEmpty();
        }
    }

    static List<Line> lines() throws IOException {
        return Corpus.lines("statements.txt");
    }
}
