package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Table;
import io.countersign.postgres.sql.Statement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Masked columns that a command can reach, by the names it would mention them by.
 *
 * @param columns    their masks
 * @param any        the mask for what mentions all columns at once; empty where none is in reach
 * @param known      every column in reach
 * @param unusable   masked ones that must not be used otherwise than to be shown
 * @param refuses    whether there is any such
 * @param statistics whether the command reads what the target keeps of its tables' values
 */
record Reach(
        Map<String, Mask> columns,
        Optional<Mask> any,
        Set<String> known,
        Set<String> unusable,
        boolean refuses,
        boolean statistics) {

    static final Reach NOTHING = new Reach(Map.of(), Optional.empty(), Set.of(), Set.of(), false, false);

    /** Every table has them (5.6 "System Columns"). */
    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    /**
     * What a command reaches under masks that select by column.
     *
     * @param tables what is known of a relation, null for one that the target does not show
     */
    static Reach of(Content content, Masker masker, Function<Name, @Nullable Table> tables) {
        ColumnMasks masks = new ColumnMasks(masker);
        Map<String, Mask> columns = new HashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> unusable = new HashSet<>();
        Set<Name> relations = Relations.of(content);
        Set<String> found = new HashSet<>();
        for (Name name : relations) {
            Table table = tables.apply(name);
            if (table != null) {
                found.add(name.name());
                for (String column : table.columns().values()) {
                    known.add(column);
                    masks.of(table, column).ifPresent(mask -> {
                        columns.merge(column, ColumnMasks.redacting(mask), Mask::stricter);
                        if (masks.refuses(table, column)) {
                            unusable.add(column);
                        }
                    });
                }
            }
        }
        catalogue(content, masker, columns, unusable);
        // Of the schemas where a name is looked for most have no such table; one that none has may have been made just
        // now.
        boolean all = relations.stream().allMatch(name -> found.contains(name.name()))
                && content.effects().stream().noneMatch(Relations::ofAnyTable);
        return new Reach(
                columns,
                all ? columns.values().stream().reduce(Mask::stricter) : masks.ofAnything(),
                known,
                unusable,
                all ? !unusable.isEmpty() : masker.refusesElsewhere(),
                content.effects().stream().anyMatch(Relations::ofStatistics));
    }

    /** The catalogue's own columns, which everybody knows by name, where masks speak of them. */
    private static void catalogue(Content content, Masker masker, Map<String, Mask> columns, Set<String> unusable) {
        for (Effect effect : content.effects()) {
            if (Relations.ofCatalogue(effect)) {
                String table = String.join(".", effect.resource().path());
                for (String reference : content.references()) {
                    String column = name(reference);
                    masker.forColumn(table, column)
                            .filter(mask -> !column.equals(Statement.ALL_COLUMNS))
                            .ifPresent(mask -> {
                                columns.merge(column, ColumnMasks.redacting(mask), Mask::stricter);
                                if (masker.refusesElsewhere(table, column)) {
                                    unusable.add(column);
                                }
                            });
                }
            }
        }
    }

    /** Whether the name, as a statement refers to it, may mean a function of a whole row. */
    boolean row(String reference) {
        return reference.equals(Statement.ALL_COLUMNS)
                || reference.startsWith(Statement.PART)
                        && !known.contains(name(reference))
                        && !SYSTEM_COLUMNS.contains(name(reference));
    }

    /** The column's name that a statement refers to. */
    static String name(String reference) {
        return reference.startsWith(Statement.PART) ? reference.substring(Statement.PART.length()) : reference;
    }
}
