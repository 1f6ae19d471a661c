package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Digest;
import io.countersign.api.Effect;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AStatementIsWhatPostgresWouldDoTest {

    private static final StatementReader READER = new StatementReader();

    record Line(String text, List<String> expected) {

        @Override
        public String toString() {
            return text;
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void asTheTableSays(Line line) {
        assertThat(described(line.text.replace('⏎', '\n'))).isEqualTo(line.expected);
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

    static Stream<Line> lines() throws IOException {
        List<Line> lines = new ArrayList<>();
        try (InputStream in = AStatementIsWhatPostgresWouldDoTest.class.getResourceAsStream("statements.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (line.startsWith("    ")) {
                    lines.getLast().expected.add(line.substring(4));
                } else if (!line.isBlank() && !line.startsWith("#")) {
                    lines.add(new Line(line, new ArrayList<>()));
                }
            }
        }
        return lines.stream();
    }

    private static List<String> described(String text) {
        try {
            return READER.read(text).statements().stream()
                    .map(statement -> statement.kind() + ": "
                            + statement.allEffects().stream()
                                    .map(Effect::described)
                                    .collect(Collectors.joining("; ")))
                    .toList();
        } catch (NotUnderstood e) {
            return List.of("! " + e.getMessage());
        }
    }
}
