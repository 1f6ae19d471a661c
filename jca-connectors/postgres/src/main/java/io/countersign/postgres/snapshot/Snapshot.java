package io.countersign.postgres.snapshot;

import io.countersign.postgres.sql.Statement;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a target's catalogue said at one time of its views, functions and operators (51.18 pg_depend, 51.39 pg_proc, 51.45
 * pg_rewrite). Names are paths of schema and name.
 *
 * @param version   another one wherever anything of it differs; 1 or more
 * @param views     but for PostgreSQL's own and temporary ones
 * @param functions functions, aggregates and procedures by name, PostgreSQL's own among them
 * @param operators by name, but for PostgreSQL's own
 */
public record Snapshot(
        long version,
        Map<List<String>, View> views,
        Map<String, List<Routine>> functions,
        Map<String, List<Routine>> operators) {

    /**
     * What a view's rules mention.
     *
     * @param stored    whether its rows were computed before, when it was refreshed
     * @param relations it reads
     * @param functions it calls, by itself or by an operator, but for harmless ones
     */
    public record View(boolean stored, Set<List<String>> relations, Set<List<String>> functions) {

        public View {
            relations = Set.copyOf(relations);
            functions = Set.copyOf(functions);
        }
    }

    /**
     * All functions of one name in one schema, or what all operators of one name there call.
     *
     * @param flags what is true of one of them, or of all where that is the better: {@code immutable}, {@code stable} or
     *              {@code volatile}, {@code security-definer}, {@code extension}
     * @param ofRow whether one of them can be called as if it were a column: with a row and a dot (36.5.3)
     */
    public record Routine(String schema, Set<String> flags, boolean ofRow) {

        public Routine {
            flags = Set.copyOf(flags);
        }

        /** What must be believed where any of several may be called; nothing where there are none. */
        static Set<String> worst(Collection<Set<String>> each) {
            Set<String> flags = new HashSet<>();
            each.forEach(flags::addAll);
            if (flags.contains("volatile")) {
                flags.remove("stable");
            }
            if (flags.contains("volatile") || flags.contains("stable")) {
                flags.remove("immutable");
            }
            if (!each.stream().allMatch(one -> one.contains("extension"))) {
                flags.remove("extension");
            }
            return flags;
        }
    }

    public Snapshot {
        views = Map.copyOf(views);
        functions = Map.copyOf(functions);
        operators = Map.copyOf(operators);
    }

    Snapshot numbered(long other) {
        return new Snapshot(other, views, functions, operators);
    }

    /** Whether the schemas where a statement's names are looked for decide which functions it calls. */
    public boolean ambiguous(Statement statement) {
        return statement.functions().stream()
                        .anyMatch(name -> name.size() == 1
                                && functions.getOrDefault(name.getFirst(), List.of()).stream()
                                        .anyMatch(Snapshot::foreign))
                || !operators.isEmpty()
                        && statement.presumed().stream()
                                .anyMatch(call -> call.resource().kind().equals("operator")
                                        && operators.containsKey(
                                                call.resource().path().getLast()));
    }

    static boolean foreign(Routine routine) {
        return !routine.schema().equals("pg_catalog");
    }
}
