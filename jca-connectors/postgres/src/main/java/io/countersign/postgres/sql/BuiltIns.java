package io.countersign.postgres.sql;

import java.util.List;
import java.util.Set;

/**
 * PostgreSQL's own operators and types, by the names that stand in a statement (chapter 9 "Functions and Operators", chapter 8
 * "Data Types"). The list is data, taken from a server's catalogue; its file says how.
 */
final class BuiltIns {

    private static final Set<String> NAMES = ListedNames.read("built-in-operators-and-types.txt");

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
}
