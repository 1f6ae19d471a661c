package io.countersign.postgres.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of columns that a statement uses, through the names that it gives itself to columns, tables and subqueries (7.2.1.2
 * "Table and Column Aliases"). A name counts as everything that it could mean.
 */
final class UsedNames {

    /** All columns of a row, or a row as a value. */
    static final Ref ALL = new Ref("", Statement.ALL_COLUMNS);

    /** What stands in no column that is named: code that others have written answers it. */
    static final Ref ANYTHING = new Ref("", Statement.ANYTHING);

    /** A column by its name and what stands before it, if anything. */
    record Ref(String qualifier, String name) {}

    private final Set<Ref> used = new HashSet<>();
    private final Set<Ref> mentioned = new HashSet<>();
    private final Map<String, Set<Ref>> aliases = new HashMap<>();
    private final Set<String> tables = new HashSet<>();
    private final Set<Ref> anyName = new HashSet<>();

    /** Subqueries and the like by name, with the names that are columns of all that have it. */
    private final Map<String, Set<String>> derived = new HashMap<>();

    /** Something depends on this column. */
    void use(Ref ref) {
        used.add(ref);
    }

    /** Something depends on what is a column by its place in the statement, and no function of a row. */
    void useColumn(String name) {
        alias(name, Set.of());
        use(new Ref("", name));
    }

    void use(Set<Ref> refs) {
        used.addAll(refs);
    }

    void mention(Ref ref) {
        mentioned.add(ref);
    }

    /** A name under which rows of a table are known. */
    void table(String name) {
        tables.add(name);
    }

    /** Whether rows are known under this name. */
    boolean row(String name) {
        return tables.contains(name) || derived.containsKey(name);
    }

    /** The names of a subquery's columns, as far as all that have its name agree. */
    List<String> columns(String name) {
        return List.copyOf(derived.getOrDefault(name, Set.of()));
    }

    /** Names used, as {@link Statement#elsewhere} has them. */
    Set<String> used() {
        return resolved(used);
    }

    /** Names behind a row that may be functions of it, as {@link Statement#references} has them. */
    Set<String> parts() {
        Set<String> names = new HashSet<>();
        for (Ref ref : mentioned) {
            if (!ref.qualifier.isEmpty() && !ref.name.equals(Statement.ALL_COLUMNS) && !isColumn(ref)) {
                names.add(Statement.PART + ref.name);
            }
        }
        return names;
    }

    /** A subquery, or something else that has rows, by its name. */
    void derived(String name, List<String> columns) {
        if (!name.isEmpty()) {
            Set<String> known = derived.putIfAbsent(name, new HashSet<>(columns));
            if (known != null) {
                known.retainAll(columns);
            }
        }
    }

    /** A column whose values are made of others. */
    void alias(String name, Set<Ref> refs) {
        if (!name.isEmpty() && !name.equals(Statement.ALL_COLUMNS)) {
            aliases.computeIfAbsent(name, key -> new HashSet<>()).addAll(refs);
        }
    }

    /** Columns of an answer, each by the name in its place; nothing where they have none. */
    void aliases(@Nullable List<String> names, QueryColumns answer) {
        if (names != null) {
            for (int i = 0; i < names.size(); i++) {
                alias(names.get(i), answer.at(i));
            }
        }
    }

    /** The columns of a subquery, of which any name may mean any where it is not known what they are called. */
    void unnamed(QueryColumns columns) {
        if (columns.renamed()) {
            anyName.addAll(columns.all());
        }
    }

    /** The columns that names may mean, through the names that the statement itself gives. */
    private Set<String> resolved(Set<Ref> refs) {
        Set<String> names = new HashSet<>();
        Set<Ref> seen = new HashSet<>();
        List<Ref> open = new ArrayList<>(refs);
        if (!refs.isEmpty()) {
            open.addAll(anyName);
        }
        while (!open.isEmpty()) {
            Ref ref = open.removeLast();
            if (!seen.add(ref)) {
                continue;
            }
            if (ref.equals(ANYTHING)) {
                names.add(Statement.ANYTHING);
                continue;
            }
            Set<Ref> behind = aliases.get(ref.name);
            boolean known = behind != null && (ref.qualifier.isEmpty() || isColumn(ref));
            if (ref.name.equals(Statement.ALL_COLUMNS) || ref.qualifier.isEmpty() && row(ref.name)) {
                names.add(Statement.ALL_COLUMNS);
            }
            if (!ref.name.equals(Statement.ALL_COLUMNS)) {
                names.add(known ? ref.name : Statement.PART + ref.name);
            }
            if (behind != null) {
                open.addAll(behind);
            }
        }
        return names;
    }

    /** Whether the name is surely a column of the subquery that stands before it, and no function of its rows. */
    private boolean isColumn(Ref ref) {
        return !tables.contains(ref.qualifier)
                && derived.getOrDefault(ref.qualifier, Set.of()).contains(ref.name);
    }
}
