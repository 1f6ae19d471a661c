package io.countersign.postgres.sql;

import io.countersign.api.Effect;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Statements with what they would do, from a file that says how it is written. */
final class Corpus {

    private static final StatementReader READER = new StatementReader();

    record Line(String text, List<String> expected) {

        /** As it is sent. */
        String sent() {
            return text.replace('⏎', '\n');
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private Corpus() {}

    static List<Line> lines(String file) throws IOException {
        List<Line> lines = new ArrayList<>();
        try (InputStream in = Corpus.class.getResourceAsStream(file)) {
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
        return lines;
    }

    /** What the reader says, in the file's words. */
    static List<String> described(String text) {
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
