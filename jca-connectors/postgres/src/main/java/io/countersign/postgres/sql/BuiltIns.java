package io.countersign.postgres.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * PostgreSQL's own operators and types, by the names that stand in a statement (chapter 9 "Functions and Operators", chapter 8
 * "Data Types"). The list is data, taken from a server's catalogue; its file says how.
 */
final class BuiltIns {

    private static final Set<String> NAMES = read();

    private BuiltIns() {}

    /** Whether an operator's name as written means one of PostgreSQL's, if the session's schemas do not put another in front. */
    static boolean operator(List<String> name) {
        return contains("operator ", name);
    }

    /** Whether a type's name as written means one of PostgreSQL's, if the session's schemas do not put another in front. */
    static boolean type(List<String> name) {
        return contains("type ", name) || name.size() == 2 && name.getFirst().equals("information_schema");
    }

    private static boolean contains(String kind, List<String> name) {
        boolean builtIn =
                name.size() == 1 || (name.size() == 2 && name.getFirst().equals("pg_catalog"));
        return builtIn && NAMES.contains(kind + name.getLast());
    }

    private static Set<String> read() {
        try (InputStream in = BuiltIns.class.getResourceAsStream("built-in-operators-and-types.txt")) {
            if (in == null) {
                throw new IllegalStateException("built-in-operators-and-types.txt is missing");
            }
            return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
