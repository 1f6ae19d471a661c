package io.countersign.postgres;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.Reading.Names;
import io.countersign.postgres.Reading.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the few statements of these tests by their first word. */
final class WordReader {

    private WordReader() {}

    static Reading read(String text) {
        List<Statement> statements = new ArrayList<>();
        for (String part : text.split(";")) {
            String bare = part.strip();
            if (bare.isEmpty()) {
                continue;
            }
            String word = bare.split("\\s+")[0].toUpperCase(Locale.ROOT);
            if (word.equals("SELEC")) {
                return Reading.failed("syntax error at or near \"SELEC\"", 1);
            }
            statements.add(new Statement(
                    word,
                    List.of(Effect.of(
                            "sql:" + word.toLowerCase(Locale.ROOT),
                            word.equals("SET")
                                    ? new Resource("setting", List.of())
                                    : new Resource("statement", List.of()))),
                    Set.of(),
                    new Names.None()));
        }
        return new Reading(statements, Optional.empty());
    }
}
