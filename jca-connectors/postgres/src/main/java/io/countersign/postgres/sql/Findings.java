package io.countersign.postgres.sql;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.sql.Statement.SessionName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What is found while a statement's tree is read. */
final class Findings {

    private record Act(String action, Resource resource) {}

    private static final Set<String> SCHEMA_KINDS = Set.of("table", "index");

    private final Map<Act, Set<String>> acts = new LinkedHashMap<>();
    private final Set<List<String>> functions = new LinkedHashSet<>();
    private final Set<List<String>> operators = new LinkedHashSet<>();
    private final Set<List<String>> types = new LinkedHashSet<>();
    private final Set<String> flags = new TreeSet<>();
    private final Set<String> references = new HashSet<>();
    private final Set<String> relations = new HashSet<>();
    private final CodeReader code;
    private final int offset;
    private final int length;
    private SessionName names = new SessionName.None();

    /**
     * @param code   reads what stands in strings
     * @param offset the statement's place in its text, in bytes
     */
    Findings(CodeReader code, int offset, int length) {
        this.code = code;
        this.offset = offset;
        this.length = length;
    }

    /** Empty ones for another part of the same statement. */
    Findings fresh() {
        return new Findings(code, offset, length);
    }

    /** @param flags what is true of this effect; they become the statement's as well */
    void effect(String action, String kind, List<String> path, String... flags) {
        Set<String> known =
                acts.computeIfAbsent(new Act(action, new Resource(kind, path)), act -> new LinkedHashSet<>());
        for (String flag : flags) {
            known.add(flag);
            this.flags.add(flag);
        }
    }

    void function(List<String> name) {
        functions.add(List.copyOf(name));
    }

    /** An operator that it applies. */
    void operator(List<String> name) {
        operators.add(List.copyOf(name));
    }

    /** A type that it makes values of. */
    void type(List<String> name) {
        types.add(List.copyOf(name));
    }

    void flag(String flag) {
        flags.add(flag);
    }

    void reference(String column) {
        references.add(column);
    }

    /** A name under which rows are known: as a column's name it means all of them. */
    void relation(String name) {
        relations.add(name);
    }

    void names(SessionName names) {
        this.names = names;
    }

    CodeReader code() {
        return code;
    }

    int offset() {
        return offset;
    }

    int length() {
        return length;
    }

    /** What a statement in a function's body does: names that it makes are not the session's. */
    void codeInto(Findings outer) {
        acts.forEach((act, own) ->
                outer.effect(act.action, act.resource.kind(), act.resource.path(), own.toArray(String[]::new)));
        restInto(outer);
    }

    /** What an EXPLAIN without ANALYZE does of this: nothing is written, but all of it is planned. */
    void explainInto(Findings outer) {
        acts.forEach((act, own) -> {
            String action = switch (act.action) {
                case "sql:insert", "sql:update", "sql:delete", "sql:merge", "sql:lock", "sql:refresh" -> "sql:select";
                default -> act.action;
            };
            boolean made = action.equals("sql:create") || action.equals("sql:cursor");
            if (!made) {
                outer.effect(action, act.resource.kind(), act.resource.path(), "explain");
            }
        });
        restInto(outer);
        if (names instanceof SessionName.Executes) {
            outer.names = names;
        }
    }

    /** What CREATE SCHEMA makes without saying where is in that schema; what it mentions may be. */
    void inSchemaInto(Findings outer, String schema) {
        acts.forEach((act, own) -> {
            List<String> path = act.resource.path();
            String[] flags = own.toArray(String[]::new);
            boolean open = path.size() == 1 && SCHEMA_KINDS.contains(act.resource.kind());
            if (open) {
                outer.effect(act.action, act.resource.kind(), List.of(schema, path.getFirst()), flags);
            }
            if (!open || !act.action.equals("sql:create")) {
                outer.effect(act.action, act.resource.kind(), path, flags);
            }
        });
        restInto(outer);
    }

    private void restInto(Findings outer) {
        outer.functions.addAll(functions);
        outer.operators.addAll(operators);
        outer.types.addAll(types);
        outer.references.addAll(references);
        outer.relations.addAll(relations);
        if (flags.contains("opaque")) {
            outer.flag("opaque");
        }
    }

    /** Gives another action to every relation read here. */
    void relationsReadInto(Findings outer, String action, String flag) {
        acts.keySet().stream()
                .filter(act ->
                        act.action.equals("sql:select") && act.resource.kind().equals("table"))
                .forEach(act -> outer.effect(action, "table", act.resource.path(), flag));
    }

    /** @param uses of the same statement's columns */
    Statement statement(String kind, UseReader uses) {
        if (acts.isEmpty()) {
            effect(kind.equals("SELECT") ? "sql:select" : "sql:unknown", "nothing", List.of());
        }
        Set<String> columns = new HashSet<>(references);
        if (columns.stream().anyMatch(relations::contains)) {
            columns.add(Statement.ALL_COLUMNS);
        }
        columns.addAll(uses.references());
        // Code that others have written may read any table.
        if (!functions.stream().allMatch(HarmlessFunctions::showNothing)
                || !operators.stream().allMatch(BuiltIns::operator)) {
            columns.add(Statement.ANYTHING);
        }
        if (kind.equals("EXPLAIN")) {
            // A plan shows what the statement itself says, and numbers of rows, which depend on what is used elsewhere.
            columns.clear();
        }
        return new Statement(
                kind,
                offset,
                length,
                acts.entrySet().stream()
                        .map(act -> new Effect(act.getKey().action, act.getKey().resource, act.getValue()))
                        .toList(),
                calls(false),
                calls(true),
                List.copyOf(functions),
                Set.copyOf(flags),
                Set.copyOf(columns),
                uses.elsewhere(),
                names);
    }

    /** @param ours those that PostgreSQL's own are meant by, if no schema in front has another of that name */
    private List<Effect> calls(boolean ours) {
        List<Effect> calls = new ArrayList<>();
        functions.stream()
                .filter(name -> ours == HarmlessFunctions.contains(name))
                .forEach(name -> called(
                        "function", name, ours, OpaqueFunctions.contains(name) ? Set.of("opaque") : Set.of(), calls));
        operators.stream()
                .filter(name -> ours == BuiltIns.operator(name))
                .forEach(name -> called("operator", name, ours, Set.of(), calls));
        types.stream()
                .filter(name -> ours == BuiltIns.type(name))
                .forEach(name -> called("type", name, ours, Set.of(), calls));
        return List.copyOf(calls);
    }

    private static void called(String kind, List<String> name, boolean ours, Set<String> flags, List<Effect> calls) {
        if (!ours || name.size() == 1) {
            calls.add(new Effect("sql:call", new Resource(kind, name), flags));
        }
    }
}
