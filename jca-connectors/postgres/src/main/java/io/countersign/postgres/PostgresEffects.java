package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.snapshot.SnapshotEffects;
import io.countersign.postgres.sql.Remembered;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.Statement.SessionName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * From a statement's text to its effects in a session: names without a schema become names in every schema where the
 * server would look for them (5.10.3 "The Schema Search Path"). Remembers what it made, by text and by statements, and schemas.
 */
final class PostgresEffects {

    /** Bytes by text and by statements, estimated; … */
    private static final long MOST_REMEMBERED = 16L << 20;

    /** … what each takes, and each effect or name in it, besides its text; … */
    private static final int REMEMBERED = 1_000;

    private static final int PART = 150;

    /** … and the characters of each. */
    private static final int LONGEST_REMEMBERED = 8 * 1024;

    /** Hexadecimal digits of a digest that people see: 128 bits, as no two texts that anybody finds share. */
    private static final int SHOWN = 32;

    /** Names of the session's own, by which statements mean others. */
    interface Names {

        Optional<Statement> prepared(String name);

        Optional<Statement> cursor(String name);
    }

    /** Of a text that is in no session. */
    private static final Names NOBODYS = new Names() {
        @Override
        public Optional<Statement> prepared(String name) {
            return Optional.empty();
        }

        @Override
        public Optional<Statement> cursor(String name) {
            return Optional.empty();
        }
    };

    private record Key(String text, List<String> schemas, long catalogue) {}

    /** The very same statements, as texts of one shape have them. */
    private record Said(List<Statement> statements, List<String> schemas, long catalogue) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Said that
                    && statements == that.statements
                    && catalogue == that.catalogue
                    && schemas.equals(that.schemas);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * System.identityHashCode(statements) + schemas.hashCode()) + Long.hashCode(catalogue);
        }
    }

    /**
     * What a command says.
     *
     * @param beyond tells apart what the target's catalogue adds to it; empty where that is nothing
     */
    record Read(Content content, String beyond) {

        /** The session's state, with what an approval must bind besides. */
        Map<String, String> told(Map<String, String> state) {
            if (beyond.isEmpty()) {
                return state;
            }
            Map<String, String> more = new HashMap<>(state);
            more.put("catalogue", beyond);
            return more;
        }

        /** The same, said in another text. */
        Read in(Reading other) {
            return new Read(
                    new Content(
                            other.text(),
                            other.digest(),
                            content.kinds(),
                            content.effects(),
                            content.references(),
                            content.elsewhere()),
                    beyond);
        }

        /** How much memory it takes, estimated. */
        long bytes() {
            return REMEMBERED
                    + 2L * content.text().length()
                    + PART
                            * ((long) content.kinds().size()
                                    + content.effects().size()
                                    + content.references().size()
                                    + content.elsewhere().size());
        }
    }

    private final Function<String, Reading> reader;
    private final Remembered<Key, Read> contents = new Remembered<>(MOST_REMEMBERED);
    private final Remembered<Said, Read> meanings = new Remembered<>(MOST_REMEMBERED);

    PostgresEffects(Function<String, Reading> reader) {
        this.reader = reader;
    }

    Reading read(String text) {
        return reader.apply(text);
    }

    /**
     * The content of a command.
     *
     * @param schemas where the server looks for names, in order
     * @param known   of the target's catalogue
     */
    Read content(Reading reading, List<String> schemas, Names names, Known known) {
        if (namesOthers(reading) || reading.text().length() > LONGEST_REMEMBERED) {
            return read(reading, schemas, names, known);
        }
        Key key = new Key(reading.text(), schemas, known.version());
        Read before = contents.get(key);
        if (before != null && reading.isOf(before.content().kinds())) {
            return before;
        }
        Said said = new Said(reading.statements(), schemas, known.version());
        Read same = meanings.get(said);
        Read content = same == null ? read(reading, schemas, names, known) : same.in(reading);
        contents.put(key, content, content.bytes());
        if (same == null) {
            meanings.put(said, content, content.bytes());
        }
        return content;
    }

    /** Whether what it says depends on what the session has said before. */
    private static boolean namesOthers(Reading reading) {
        for (Statement one : reading.statements()) {
            if (one.names() instanceof SessionName.Executes || one.names() instanceof SessionName.Fetches) {
                return true;
            }
        }
        return false;
    }

    /** The content of a text that is in no session; what it says of a session's own names is not known. */
    static Content outside(Reading reading, List<String> schemas, Known known) {
        return build(reading, schemas, NOBODYS, known);
    }

    private static Read read(Reading reading, List<String> schemas, Names names, Known known) {
        Content content = build(reading, schemas, names, known);
        if (known instanceof Known.Unasked
                || content.effects()
                        .equals(build(reading, schemas, names, Known.UNASKED).effects())) {
            return new Read(content, "");
        }
        Digest.Builder beyond = Digest.over();
        content.effects().stream().map(Effect::described).sorted().forEach(beyond::field);
        return new Read(content, beyond.done().toString().substring(0, SHOWN));
    }

    private static Content build(Reading reading, List<String> schemas, Names names, Known known) {
        SnapshotEffects catalogue = new SnapshotEffects(known, schemas);
        Set<Effect> effects = new LinkedHashSet<>();
        Set<String> references = new HashSet<>();
        Set<String> elsewhere = new HashSet<>();
        for (Statement statement : reading.statements()) {
            take(statement, schemas, catalogue, effects, references);
            elsewhere.addAll(statement.elsewhere());
            switch (statement.names()) {
                case SessionName.Executes(String name) ->
                    names.prepared(name)
                            .ifPresentOrElse(
                                    prepared -> {
                                        take(prepared, schemas, catalogue, effects, references);
                                        elsewhere.addAll(prepared.elsewhere());
                                    },
                                    () -> unknown(effects, references));
                // A cursor's rows show what its own statement mentions; that it may be read was judged when it was
                // declared.
                case SessionName.Fetches(String name) ->
                    names.cursor(name)
                            .ifPresentOrElse(cursor -> fetched(cursor, references), () -> unknown(effects, references));
                case SessionName.Prepares prepares -> {}
                case SessionName.None none -> {}
                case SessionName.Deallocates deallocates -> {}
                case SessionName.Declares declares -> {}
                case SessionName.Closes closes -> {}
                case SessionName.Savepoint savepoint -> {}
            }
        }
        if (effects.isEmpty()) {
            unknown(effects, references);
        }
        return new Content(
                reading.text(), reading.digest(), reading.kinds(), List.copyOf(effects), references, elsewhere);
    }

    /** Which tables its columns are those of, was known when it was declared; the schemas may have changed since. */
    private static void fetched(Statement cursor, Set<String> references) {
        if (!cursor.references().isEmpty()) {
            references.addAll(cursor.references());
            references.add(Statement.ANYTHING);
        }
    }

    private static void unknown(Set<Effect> effects, Set<String> references) {
        effects.add(Effect.of("sql:unknown", new Resource("statement", List.of())));
        references.add(Statement.ALL_COLUMNS);
    }

    private static void take(
            Statement statement,
            List<String> schemas,
            SnapshotEffects catalogue,
            Set<Effect> effects,
            Set<String> references) {
        references.addAll(statement.references());
        List<Effect> all = new ArrayList<>(statement.allEffects());
        if (shadowed(schemas)) {
            all.addAll(statement.presumed());
        }
        for (Effect effect : all) {
            for (Resource resource : qualified(effect.resource(), schemas)) {
                catalogue.add(new Effect(effect.action(), resource, effect.flags()), effects);
            }
        }
        catalogue.overloads(statement, effects);
    }

    /** Whether functions, operators and types are looked for elsewhere before pg_catalog; never among temporary objects. */
    private static boolean shadowed(List<String> schemas) {
        return schemas.indexOf("pg_catalog")
                > (schemas.isEmpty() || !schemas.getFirst().startsWith("pg_temp") ? 0 : 1);
    }

    /** One resource for each schema where a table's name would be looked for; a catalogue's name in front is dropped. */
    static List<Resource> qualified(Resource resource, List<String> schemas) {
        List<String> path = resource.path();
        if (!relation(resource)) {
            return List.of(resource);
        }
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

    private static boolean relation(Resource resource) {
        return resource.kind().equals("table") || resource.kind().equals("index");
    }

    /** Whether a name in it is looked for in the session's schemas. */
    static boolean needsSchemas(Statement statement) {
        return statement.names() instanceof SessionName.Executes
                || statement.effects().stream()
                        .anyMatch(effect -> relation(effect.resource())
                                && effect.resource().path().size() == 1);
    }
}
