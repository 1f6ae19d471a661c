package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Source;
import io.countersign.postgres.Catalogue.Table;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.RowDescription.Field;
import io.countersign.postgres.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must be hidden in the answer to a command. Decides column by column, once for each shape of answer; what it cannot
 * know it hides.
 */
final class AnswerMask {

    /** Nothing is hidden. */
    static final AnswerMask NONE = new AnswerMask(new Masker(List.of()));

    private static final Set<String> CATALOGUES = Set.of("pg_catalog", "information_schema");

    private final Masker masker;

    AnswerMask(Masker masker) {
        this.masker = masker;
    }

    /**
     * Masked columns that a command can reach, by the names it would mention them by.
     *
     * @param any the mask for what mentions all columns at once; empty where none is in reach
     */
    record Reach(Map<String, Mask> columns, Optional<Mask> any) {

        static final Reach NOTHING = new Reach(Map.of(), Optional.empty());
    }

    boolean none() {
        return !masker.detects() && !masker.selectsColumns();
    }

    boolean selectsColumns() {
        return masker.selectsColumns();
    }

    Masker masker() {
        return masker;
    }

    /** The relations whose columns must be known before {@link #reach} can decide. */
    static Set<Name> relations(Content content) {
        Set<Name> relations = new HashSet<>();
        for (Effect effect : content.effects()) {
            List<String> path = effect.resource().path();
            if (effect.resource().kind().equals("table")
                    && path.size() == 2
                    && !CATALOGUES.contains(path.getFirst())
                    && !effect.action().equals("sql:create")) {
                relations.add(new Name(path.getFirst(), path.getLast()));
            }
        }
        return relations;
    }

    /** @param tables what is known of a relation, null for one that the target does not show */
    Reach reach(Content content, Function<Name, @Nullable Table> tables) {
        Map<String, Mask> columns = new HashMap<>();
        Set<Name> relations = relations(content);
        Set<String> found = new HashSet<>();
        for (Name name : relations) {
            Table table = tables.apply(name);
            if (table != null) {
                found.add(name.name());
                table.columns()
                        .values()
                        .forEach(column -> column(table, column)
                                .ifPresent(mask -> columns.merge(column, redacting(mask), Mask::stricter)));
            }
        }
        // Of the schemas where a name is looked for most have no such table; one that none has may have been made just
        // now.
        boolean all = relations.stream().allMatch(name -> found.contains(name.name()));
        return new Reach(
                columns,
                all
                        ? columns.values().stream().reduce(Mask::stricter)
                        : masker.forAnything().map(AnswerMask::redacting));
    }

    /** The tables whose names must be known before {@link #plan} can decide. */
    Set<Integer> tables(RowDescription columns) {
        Set<Integer> tables = new HashSet<>();
        if (masker.selectsColumns()) {
            columns.fields().stream().map(Field::table).filter(oid -> oid != 0).forEach(tables::add);
        }
        return tables;
    }

    /**
     * What to do with each column.
     *
     * @param tables what is known of a table, null for one that is not known
     * @return empty where every row may pass as it is
     */
    Optional<RowMask> plan(RowDescription columns, Content content, Reach reach, IntFunction<@Nullable Table> tables) {
        RowMask.Column[] actions = new RowMask.Column[columns.fields().size()];
        boolean any = false;
        for (int i = 0; i < actions.length; i++) {
            Field field = columns.fields().get(i);
            Optional<Mask> mask = masker.selectsColumns() ? column(field, content, reach, tables) : Optional.empty();
            RowMask.Column action = mask.isPresent()
                    ? RowMask.Column.hide(mask.get(), field)
                    : masker.detects() ? RowMask.Column.scan(field) : RowMask.Column.PASS;
            actions[i] = action;
            any |= action != RowMask.Column.PASS;
        }
        return any ? Optional.of(new RowMask(actions, masker)) : Optional.empty();
    }

    /** Errors and notices may quote values. */
    Report hide(Report report) {
        if (!masker.detects()) {
            return report;
        }
        Map<Character, String> hidden = new LinkedHashMap<>(report.fields());
        hidden.replaceAll((field, text) -> {
            String shown = field == 'S' || field == 'V' || field == 'C' ? text : masker.hideDetected(text);
            return shown == null ? Masker.REDACTED : shown;
        });
        return new Report(report.type(), hidden);
    }

    /** The mask for a table's or view's column. */
    Optional<Mask> column(Table table, String column) {
        Optional<Mask> own = masker.forColumn(table.qualified(), column);
        return own.isPresent() || !table.view() ? own : beneath(table, column);
    }

    private Optional<Mask> column(Field field, Content content, Reach reach, IntFunction<@Nullable Table> tables) {
        if (field.table() == 0) {
            return expression(field.name(), content, reach);
        }
        Table table = tables.apply(field.table());
        if (table == null) {
            return masker.forAnything().map(AnswerMask::redacting);
        }
        if (field.column() == 0) {
            return table.columns().values().stream()
                    .flatMap(column -> column(table, column).stream())
                    .map(AnswerMask::redacting)
                    .reduce(Mask::stricter);
        }
        if (field.column() < 0) {
            return Optional.empty();
        }
        String column = table.columns().get((int) field.column());
        return column == null ? masker.forAnything().map(AnswerMask::redacting) : column(table, column);
    }

    /** A computed column shows what it may have been computed from. */
    private Optional<Mask> expression(String name, Content content, Reach reach) {
        List<Mask> all = new ArrayList<>();
        masker.forName(name).map(AnswerMask::redacting).ifPresent(all::add);
        for (String reference : content.references()) {
            if (reference.equals(Statement.ALL_COLUMNS)) {
                reach.any().ifPresent(all::add);
            } else if (reach.columns().containsKey(reference)) {
                all.add(reach.columns().get(reference));
            }
        }
        if (reach.columns().isEmpty()) {
            reach.any().ifPresent(all::add);
        }
        return all.stream().reduce(Mask::stricter);
    }

    /** A view's column whose name none of the open columns beneath has may be any of the masked ones. */
    private Optional<Mask> beneath(Table view, String column) {
        Optional<Mask> masked = Optional.empty();
        for (Source source : view.sources()) {
            Optional<Mask> mask = masker.forColumn(source.table().toString(), source.column());
            if (mask.isEmpty() && source.column().equals(column)) {
                return Optional.empty();
            }
            masked = Stream.concat(masked.stream(), mask.stream()).reduce(Mask::stricter);
        }
        // Enciphered, what a view computes would tell what equals a value that somebody chose.
        return masked.map(mask -> mask.way().keyed() ? redacting(mask) : mask);
    }

    /**
     * Of a computed value even the last four characters may be others than meant, and its hash or token may be that of a
     * value that somebody chose to compare with.
     */
    private static Mask redacting(Mask mask) {
        return mask.way().compareTo(Way.REDACT) > 0 ? new Mask(mask.name(), mask.selector(), Way.REDACT) : mask;
    }
}
