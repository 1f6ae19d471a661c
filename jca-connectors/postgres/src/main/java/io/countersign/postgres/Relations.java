package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Source;
import io.countersign.postgres.snapshot.SnapshotEffects;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which relations a command is about, and which of them are PostgreSQL's own (chapters 36 and 51 to 53), whose columns everybody knows. */
final class Relations {

    /** Schemas of PostgreSQL's own. */
    static final Set<String> CATALOGUES = Set.of("pg_catalog", "information_schema");

    /** Relations of the catalogue that keep other tables' values (51.51 pg_statistic, 53.28 pg_stats, …). */
    private static final Set<String> STATISTICS =
            Set.of("pg_statistic", "pg_stats", "pg_statistic_ext_data", "pg_stats_ext", "pg_stats_ext_exprs");

    /** Schemas of the tables that keep what is too long for a row (66.2 "TOAST"). */
    private static final String OVERSIZED = "pg_toast";

    private Relations() {}

    /**
     * The relations whose columns must be known before anybody can say what a command reaches. The catalogue's own are known,
     * but for those whose name, without a schema, could mean another's.
     */
    static Set<Name> of(Content content) {
        Set<Name> relations = new HashSet<>();
        Set<Name> catalogues = new HashSet<>();
        for (Effect effect : content.effects()) {
            List<String> path = effect.resource().path();
            if (effect.resource().kind().equals("table")
                    && path.size() == 2
                    && !effect.flags().contains(SnapshotEffects.THROUGH_VIEW)
                    && !effect.action().equals("sql:create")) {
                (CATALOGUES.contains(path.getFirst()) ? catalogues : relations)
                        .add(new Name(path.getFirst(), path.getLast()));
            }
        }
        Set<String> ambiguous = relations.stream().map(Name::name).collect(Collectors.toSet());
        catalogues.stream().filter(name -> ambiguous.contains(name.name())).forEach(relations::add);
        return relations;
    }

    /** Whether an effect is about tables that nobody can name: in no schema that is known, or in one that gets another name. */
    static boolean ofAnyTable(Effect effect) {
        return switch (effect.resource().kind()) {
            case "table" ->
                effect.resource().path().size() < 2 && !effect.action().equals("sql:create");
            case "schema" -> effect.action().equals("sql:alter");
            default -> false;
        };
    }

    /** Whether an effect is about a relation of the catalogue. */
    static boolean ofCatalogue(Effect effect) {
        List<String> path = effect.resource().path();
        return effect.resource().kind().equals("table") && path.size() == 2 && CATALOGUES.contains(path.getFirst());
    }

    /** Whether an effect is about what may show any other table's values. */
    static boolean ofStatistics(Effect effect) {
        List<String> path = effect.resource().path();
        return path.size() == 2 && path.getFirst().startsWith(OVERSIZED)
                || ofCatalogue(effect) && STATISTICS.contains(path.getLast());
    }

    /** Whether a column may show any other table's values. */
    static boolean ofStatistics(Source source) {
        return CATALOGUES.contains(source.table().schema())
                && STATISTICS.contains(source.table().name());
    }
}
