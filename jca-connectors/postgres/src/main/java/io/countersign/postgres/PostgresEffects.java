package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.Reading.Names;
import io.countersign.postgres.Reading.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * From a statement's text to its effects in a session: names without a schema become names in every schema where the
 * server would look for them (9.1 "The Schema Search Path"). Remembers what it read, by text.
 */
final class PostgresEffects {

    /** Kinds that leave role, settings and schemas alone. What is missing here costs one question to the target. */
    private static final Set<String> SETTLED = Set.of(
            "SELECT",
            "VALUES",
            "INSERT",
            "UPDATE",
            "DELETE",
            "MERGE",
            "COPY",
            "EXPLAIN",
            "SHOW",
            "DECLARE",
            "FETCH",
            "MOVE",
            "CLOSE",
            "PREPARE",
            "DEALLOCATE",
            "BEGIN",
            "START TRANSACTION",
            "SAVEPOINT",
            "RELEASE",
            "LISTEN",
            "UNLISTEN",
            "NOTIFY",
            "LOCK",
            "TRUNCATE",
            "ANALYZE",
            "VACUUM",
            "CHECKPOINT");

    /** Resources whose change may change what names mean. */
    private static final Set<String> UNSETTLING = Set.of("setting", "role", "schema", "session");

    private static final Set<String> RELATIONS =
            Set.of("table", "view", "sequence", "index", "relation", "materialized view", "foreign table");

    private static final int MOST_REMEMBERED = 10_000;
    private static final int LONGEST_REMEMBERED = 8 * 1024;

    private record Key(String text, List<String> schemas) {}

    private final Function<String, Reading> reader;
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();
    private final Map<Key, Content> contents = new ConcurrentHashMap<>();

    PostgresEffects(Function<String, Reading> reader) {
        this.reader = reader;
    }

    Reading read(String text) {
        Reading known = readings.get(text);
        if (known != null) {
            return known;
        }
        Reading reading = reader.apply(text);
        if (text.length() <= LONGEST_REMEMBERED) {
            if (readings.size() >= MOST_REMEMBERED) {
                readings.clear();
            }
            readings.put(text, reading);
        }
        return reading;
    }

    /**
     * The content of a command.
     *
     * @param schemas  where the server looks for names, in order
     * @param prepared what the session's prepared statements say, by name
     * @param cursors  likewise its cursors
     */
    Content content(
            String text,
            Reading reading,
            List<String> schemas,
            Function<String, Optional<Statement>> prepared,
            Function<String, Optional<Statement>> cursors) {
        // What depends on the session's own names is not remembered, nor what was read of a part of a text.
        boolean own = reading.statements().stream()
                .anyMatch(one -> one.names() instanceof Names.Executes || one.names() instanceof Names.Fetches);
        if (own || readings.get(text) != reading) {
            return build(text, reading, schemas, prepared, cursors);
        }
        Key key = new Key(text, schemas);
        Content known = contents.get(key);
        if (known != null) {
            return known;
        }
        Content content = build(text, reading, schemas, prepared, cursors);
        if (text.length() <= LONGEST_REMEMBERED) {
            if (contents.size() >= MOST_REMEMBERED) {
                contents.clear();
            }
            contents.put(key, content);
        }
        return content;
    }

    /** Whether afterwards role, settings or schemas may be others. */
    static boolean unsettling(Reading reading) {
        return reading.statements().stream().anyMatch(PostgresEffects::unsettling);
    }

    static boolean unsettling(Statement statement) {
        return !SETTLED.contains(statement.kind())
                || statement.effects().stream()
                        .anyMatch(
                                effect -> UNSETTLING.contains(effect.resource().kind()))
                || statement.names() instanceof Names.Prepares prepares && unsettling(prepares.inner());
    }

    /** Whether a name in it is looked for in the session's schemas. */
    static boolean needsSchemas(Statement statement) {
        return statement.names() instanceof Names.Executes
                || statement.effects().stream().anyMatch(effect -> open(effect.resource()));
    }

    private static boolean open(Resource resource) {
        return RELATIONS.contains(resource.kind()) && resource.path().size() == 1;
    }

    private static Content build(
            String text,
            Reading reading,
            List<String> schemas,
            Function<String, Optional<Statement>> prepared,
            Function<String, Optional<Statement>> cursors) {
        Set<Effect> effects = new LinkedHashSet<>();
        Set<String> references = new HashSet<>();
        for (Statement statement : reading.statements()) {
            take(statement, schemas, effects, references);
            switch (statement.names()) {
                case Names.Executes(String name) -> takeNamed(prepared.apply(name), schemas, effects, references);
                case Names.Fetches(String name) ->
                    cursors.apply(name)
                            .ifPresentOrElse(
                                    cursor -> references.addAll(cursor.references()), () -> references.add("*"));
                case Names.Prepares(String name, Statement inner) -> take(inner, schemas, effects, references);
                case Names.None none -> {}
                case Names.Deallocates names -> {}
                case Names.Declares names -> {}
            }
        }
        if (effects.isEmpty()) {
            effects.add(Effect.of("sql:unknown", new Resource("statement", List.of())));
        }
        return new Content(
                text,
                Digest.of(text.getBytes(StandardCharsets.UTF_8)),
                reading.kinds(),
                List.copyOf(effects),
                references);
    }

    private static void takeNamed(
            Optional<Statement> named, List<String> schemas, Set<Effect> effects, Set<String> references) {
        if (named.isPresent()) {
            take(named.get(), schemas, effects, references);
        } else {
            effects.add(Effect.of("sql:unknown", new Resource("statement", List.of())));
            references.add("*");
        }
    }

    private static void take(Statement statement, List<String> schemas, Set<Effect> effects, Set<String> references) {
        references.addAll(statement.references());
        for (Effect effect : statement.effects()) {
            if (RELATIONS.contains(effect.resource().kind())) {
                qualified(effect.resource(), schemas)
                        .forEach(resource -> effects.add(new Effect(effect.action(), resource, effect.flags())));
            } else {
                effects.add(effect);
            }
        }
    }

    /** One resource for each schema where the name would be looked for; a catalogue's name in front is dropped. */
    static List<Resource> qualified(Resource resource, List<String> schemas) {
        List<String> path = resource.path();
        if (path.size() >= 3) {
            return List.of(new Resource(resource.kind(), path.subList(path.size() - 2, path.size())));
        }
        if (path.size() != 1) {
            return List.of(resource);
        }
        String name = path.getFirst();
        List<Resource> candidates = new ArrayList<>();
        for (String schema : schemas) {
            if (!schema.equals("pg_catalog") || name.startsWith("pg_")) {
                candidates.add(new Resource(resource.kind(), List.of(schema, name)));
            }
        }
        return candidates.isEmpty() ? List.of(resource) : candidates;
    }
}
