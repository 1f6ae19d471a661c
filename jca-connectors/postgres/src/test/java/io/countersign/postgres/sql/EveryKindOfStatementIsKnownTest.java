package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.sql.Corpus.Line;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The parser itself says which kinds there are: it has the name of each node that it can write. */
class EveryKindOfStatementIsKnownTest {

    private static final Path PARSER = Path.of("src/build/wasm/libpg-query.wasm");

    /** Never a statement of its own: inside others, or made by later stages of the server. */
    private static final Set<String> PARTS =
            Set.of("RawStmt", "SetOperationStmt", "PLAssignStmt", "ReturnStmt", "ReplicaIdentityStmt");

    private static final PostgresParser TREES = new PostgresParser(1);

    @Test
    void andHasAnExampleThatSaysWhatItDoes() throws IOException {
        Set<String> shown = new TreeSet<>();
        for (Line line : examples()) {
            List<String> nodes = nodes(line.sent());
            for (int i = 0; i < nodes.size(); i++) {
                assertThat(line.expected().get(i)).as(line.text()).doesNotContain("UNKNOWN", "unknown");
            }
            shown.addAll(nodes);
        }
        Set<String> all = known();
        all.removeAll(PARTS);
        assertThat(all).hasSizeGreaterThan(100);
        assertThat(shown).containsAll(all);
    }

    private static List<Line> examples() throws IOException {
        List<Line> lines = new ArrayList<>(Corpus.lines("statements.txt"));
        lines.addAll(Corpus.lines("evasions.txt"));
        return lines;
    }

    /** Of each statement the type of its node; none where it is wrong. */
    private static List<String> nodes(String text) {
        try {
            return TREES.parse(text).list("stmts").stream()
                    .map(raw -> raw.child("stmt").type())
                    .toList();
        } catch (NotUnderstood e) {
            return List.of();
        }
    }

    private static Set<String> known() throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher name = Pattern.compile("\"([A-Z][A-Za-z]*Stmt)\"")
                .matcher(new String(Files.readAllBytes(PARSER), StandardCharsets.ISO_8859_1));
        while (name.find()) {
            names.add(name.group(1));
        }
        return names;
    }
}
