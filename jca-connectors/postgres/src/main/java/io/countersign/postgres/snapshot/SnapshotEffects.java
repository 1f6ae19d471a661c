package io.countersign.postgres.snapshot;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.snapshot.Snapshot.Routine;
import io.countersign.postgres.snapshot.Snapshot.View;
import io.countersign.postgres.sql.Statement;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Adds to the effects of a statement those that only the target's catalogue tells: what its views read, and which functions its
 * names could mean. It takes none away, so that whatever a rule refuses without it is refused with it.
 */
public final class SnapshotEffects {

    /** On what a view brings about. */
    public static final String THROUGH_VIEW = "through-view";

    /** Relations behind one view; of one that has more nobody knows what it reads. */
    private static final int MOST_BEHIND = 500;

    /** What a function is taken for of which nothing is known. */
    private static final Set<String> WORST = Set.of("unknown", "volatile", "security-definer");

    private static final Set<String> READS = Set.of(
            "sql:select",
            "sql:insert",
            "sql:update",
            "sql:delete",
            "sql:merge",
            "sql:lock",
            "sql:copy-to",
            "sql:copy-from",
            "sql:refresh");

    /** Through a view they change what it reads (CREATE VIEW, "Updatable Views"). */
    private static final Set<String> WRITES =
            Set.of("sql:insert", "sql:update", "sql:delete", "sql:merge", "sql:lock", "sql:copy-from");

    private static final Set<String> SYSTEM = Set.of("pg_catalog", "information_schema");

    private final Known known;
    private final List<String> schemas;

    /** @param schemas where the server looks for names, in order; where there are none, everywhere */
    public SnapshotEffects(Known known, List<String> schemas) {
        this.known = known;
        this.schemas = List.copyOf(schemas);
    }

    /** An effect whose table's name has its schema, with what stands behind it. */
    public void add(Effect effect, Collection<Effect> into) {
        switch (known) {
            case Known.Unasked unasked -> into.add(effect);
            case Known.Missing missing -> {
                into.add(calls(effect) ? flagged(effect, WORST) : effect);
                if (reads(effect)) {
                    into.add(Effect.of("sql:select-view-unknown", effect.resource()));
                }
            }
            case Known.Taken(Snapshot snapshot) -> {
                if (calls(effect)) {
                    called(snapshot, effect, into);
                } else {
                    into.add(effect);
                    if (reads(effect)) {
                        behind(snapshot, effect, into);
                    }
                }
            }
        }
    }

    /** Calls by names that seem to mean PostgreSQL's own functions or operators, or columns, where others could be meant. */
    public void overloads(Statement statement, Collection<Effect> into) {
        if (!(known instanceof Known.Taken(Snapshot snapshot))) {
            return;
        }
        for (Effect presumed : statement.presumed()) {
            Resource resource = presumed.resource();
            // A type's name cannot have two meanings: the first schema that has it decides.
            if (!resource.kind().equals("type")) {
                candidates(snapshot, resource).stream()
                        .filter(Snapshot::foreign)
                        .forEach(candidate -> into.add(
                                call(resource.kind(), candidate, resource.path().getLast(), presumed.flags())));
            }
        }
        for (Set<String> names : List.of(statement.references(), statement.elsewhere())) {
            for (String name : names) {
                ofRow(snapshot, name.startsWith(Statement.PART) ? name.substring(Statement.PART.length()) : name, into);
            }
        }
    }

    /** A function of a row is called by a name behind it, as a column is read. */
    private void ofRow(Snapshot snapshot, String name, Collection<Effect> into) {
        Resource resource = new Resource("function", List.of(name));
        candidates(snapshot, resource).stream()
                .filter(Routine::ofRow)
                .forEach(function -> into.add(call("function", function, name, Set.of())));
    }

    /** The name as it is written with all that could be true of it, and every function that it could mean. */
    private void called(Snapshot snapshot, Effect effect, Collection<Effect> into) {
        Resource resource = effect.resource();
        if (resource.kind().equals("type")) {
            into.add(effect);
            return;
        }
        List<Routine> candidates = candidates(snapshot, resource);
        into.add(flagged(
                effect,
                candidates.isEmpty()
                        ? WORST
                        : Routine.worst(candidates.stream().map(Routine::flags).toList())));
        if (resource.path().size() == 1) {
            candidates.forEach(candidate ->
                    into.add(call(resource.kind(), candidate, resource.path().getLast(), effect.flags())));
        }
    }

    private List<Routine> candidates(Snapshot snapshot, Resource resource) {
        List<String> path = resource.path();
        Optional<String> schema = path.size() > 1 ? Optional.of(path.get(path.size() - 2)) : Optional.empty();
        return (resource.kind().equals("operator") ? snapshot.operators() : snapshot.functions())
                .getOrDefault(path.getLast(), List.of()).stream()
                        .filter(routine -> schema.map(routine.schema()::equals)
                                .orElse(schemas.isEmpty() || schemas.contains(routine.schema())))
                        .toList();
    }

    private static Effect call(String kind, Routine routine, String name, Set<String> flags) {
        return flagged(
                new Effect("sql:call", new Resource(kind, List.of(routine.schema(), name)), flags), routine.flags());
    }

    private void behind(Snapshot snapshot, Effect effect, Collection<Effect> into) {
        List<String> path = effect.resource().path();
        View view = snapshot.views().get(path);
        if (view == null) {
            return;
        }
        Set<List<String>> relations = new LinkedHashSet<>();
        Set<List<String>> functions = new LinkedHashSet<>();
        Deque<View> open = new ArrayDeque<>(List.of(view));
        while (!open.isEmpty()) {
            View next = open.remove();
            if (!next.stored() || effect.action().equals("sql:refresh")) {
                functions.addAll(next.functions());
            }
            for (List<String> relation : next.relations()) {
                if (relations.add(relation) && snapshot.views().containsKey(relation)) {
                    open.add(snapshot.views().get(relation));
                }
            }
            if (relations.size() > MOST_BEHIND) {
                into.add(Effect.of("sql:select-view-unknown", effect.resource()));
                return;
            }
        }
        for (List<String> relation : relations) {
            Resource table = new Resource("table", relation);
            into.add(new Effect("sql:select", table, Set.of(THROUGH_VIEW)));
            if (WRITES.contains(effect.action())) {
                into.add(flagged(new Effect(effect.action(), table, effect.flags()), Set.of(THROUGH_VIEW)));
            }
        }
        for (List<String> function : functions) {
            Effect call = new Effect("sql:call", new Resource("function", function), Set.of(THROUGH_VIEW));
            called(snapshot, call, into);
        }
    }

    private static boolean calls(Effect effect) {
        return effect.action().equals("sql:call");
    }

    private static boolean reads(Effect effect) {
        List<String> path = effect.resource().path();
        return READS.contains(effect.action())
                && effect.resource().kind().equals("table")
                && path.size() == 2
                && !SYSTEM.contains(path.getFirst())
                && !path.getFirst().startsWith("pg_temp");
    }

    private static Effect flagged(Effect effect, Set<String> more) {
        Set<String> flags = new HashSet<>(effect.flags());
        flags.addAll(more);
        return new Effect(effect.action(), effect.resource(), flags);
    }
}
