package io.countersign.launcher;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.policy.Contents;
import io.countersign.postgres.sql.NotUnderstood;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.StatementReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What SQL would do, for policies that are tried out: as PostgreSQL's own parser reads it, with names in the schemas that
 * the caller gives, since there is no session that has any.
 */
final class SqlContents implements Contents {

    private static final Set<String> RELATIONS = Set.of("table", "index");

    private final StatementReader reader = new StatementReader();

    @Override
    public Content read(String text, List<String> schemas) {
        try {
            List<Statement> statements = reader.read(text).statements();
            Set<Effect> effects = new LinkedHashSet<>();
            Set<String> references = new HashSet<>();
            for (Statement statement : statements) {
                references.addAll(statement.references());
                for (Effect effect : statement.allEffects()) {
                    for (Resource resource : qualified(effect.resource(), schemas)) {
                        effects.add(new Effect(effect.action(), resource, effect.flags()));
                    }
                }
            }
            if (effects.isEmpty()) {
                throw new IllegalArgumentException("The command says nothing that could be judged.");
            }
            return new Content(
                    text,
                    Digest.of(text.getBytes(StandardCharsets.UTF_8)),
                    statements.stream().map(Statement::kind).toList(),
                    List.copyOf(effects),
                    references);
        } catch (NotUnderstood e) {
            throw new IllegalArgumentException("The gateway would refuse this, not understood: " + e.getMessage(), e);
        }
    }

    /** Tables and indexes have a schema and a name where rules see them (PostgreSQL 17 §5.10.3). */
    private static List<Resource> qualified(Resource resource, List<String> schemas) {
        List<String> path = resource.path();
        if (!RELATIONS.contains(resource.kind()) || path.isEmpty() || path.size() == 2) {
            return List.of(resource);
        }
        if (path.size() > 2) {
            return List.of(new Resource(resource.kind(), path.subList(path.size() - 2, path.size())));
        }
        List<Resource> candidates = new ArrayList<>();
        for (String schema : path.getFirst().startsWith("pg_") ? List.of("pg_catalog") : schemas) {
            candidates.add(new Resource(resource.kind(), List.of(schema, path.getFirst())));
        }
        return candidates;
    }
}
