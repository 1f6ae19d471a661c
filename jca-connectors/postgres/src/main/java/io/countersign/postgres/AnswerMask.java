package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Effect;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Behind;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Source;
import io.countersign.postgres.Catalogue.Table;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.RowDescription.Field;
import io.countersign.postgres.snapshot.SnapshotEffects;
import io.countersign.postgres.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What must be hidden in the answer to a command. Decides column by column, once for each shape of answer; what it cannot
 * know it hides.
 */
final class AnswerMask {

    /** Nothing is hidden. */
    static final AnswerMask NONE = new AnswerMask(List.of());

    private static final Set<String> CATALOGUES = Set.of("pg_catalog", "information_schema");

    /** Detail, internal query and context of a report (54.8): what rows and values they are about. */
    private static final String VALUES = "DqW";

    /** What code can say whatever it likes in, as well (41.9.1 "Reporting Errors and Messages"): hint, and names of objects. */
    private static final String CODES = "MHstcdn";

    /**
     * Classes of errors (appendix A) whose message has words of the statement and names, never values, unless code raised them
     * that the target ran by itself: then they have a context.
     */
    private static final Set<String> OF_THE_TEXT = Set.of(
            "08", "0A", "21", "23", "25", "26", "28", "2B", "2D", "34", "3B", "3D", "3F", "40", "42", "53", "54", "55",
            "57", "58");

    private final List<Mask> masks;
    private final Masker masker;

    AnswerMask(List<Mask> masks) {
        this.masks = List.copyOf(masks);
        this.masker = new Masker(masks);
    }

    /** What it was compiled from. */
    List<Mask> masks() {
        return masks;
    }

    /** Relations of the catalogue that keep other tables' values (51.51 pg_statistic, 53.28 pg_stats, …). */
    private static final Set<String> STATISTICS =
            Set.of("pg_statistic", "pg_stats", "pg_statistic_ext_data", "pg_stats_ext", "pg_stats_ext_exprs");

    /** Schemas of the tables that keep what is too long for a row (66.2 "TOAST"). */
    private static final String OVERSIZED = "pg_toast";

    /** Every table has them (5.6 "System Columns"). */
    private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

    /**
     * Masked columns that a command can reach, by the names it would mention them by.
     *
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

        /** Whether the name, as a statement refers to it, may mean a function of a whole row. */
        boolean row(String reference) {
            return reference.equals(Statement.ALL_COLUMNS)
                    || reference.startsWith(Statement.PART)
                            && !known.contains(name(reference))
                            && !SYSTEM_COLUMNS.contains(name(reference));
        }

        static String name(String reference) {
            return reference.startsWith(Statement.PART) ? reference.substring(Statement.PART.length()) : reference;
        }
    }

    /** Whether it may show any other table's values. */
    static boolean statistics(Source source) {
        return CATALOGUES.contains(source.table().schema())
                && STATISTICS.contains(source.table().name());
    }

    boolean none() {
        return !masker.detects() && !masker.selectsColumns();
    }

    boolean selectsColumns() {
        return masker.selectsColumns();
    }

    /** Whether lines of a COPY could hold what neither their columns' names nor a detector tells. */
    boolean computes(Content content) {
        return reshaped(content).isPresent()
                || masker.selectsColumns() && content.references().contains(Statement.ANYTHING);
    }

    /** The mask for texts that this command takes apart or puts together, if it reads any. */
    private Optional<Mask> reshaped(Content content) {
        Set<String> references = content.references();
        return references.contains(Statement.RESHAPED)
                        && (references.contains(Statement.ANYTHING)
                                || !relations(content).isEmpty())
                ? masker.forReshaped().map(AnswerMask::redacting)
                : Optional.empty();
    }

    Masker masker() {
        return masker;
    }

    /**
     * The relations whose columns must be known before {@link #reach} can decide. The catalogue's own are known, but for those
     * whose name, without a schema, could mean another's.
     */
    static Set<Name> relations(Content content) {
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

    /** @param tables what is known of a relation, null for one that the target does not show */
    Reach reach(Content content, Function<Name, @Nullable Table> tables) {
        Map<String, Mask> columns = new HashMap<>();
        Set<String> known = new HashSet<>();
        Set<String> unusable = new HashSet<>();
        Set<Name> relations = relations(content);
        Set<String> found = new HashSet<>();
        for (Name name : relations) {
            Table table = tables.apply(name);
            if (table != null) {
                found.add(name.name());
                for (String column : table.columns().values()) {
                    known.add(column);
                    column(table, column).ifPresent(mask -> {
                        columns.merge(column, redacting(mask), Mask::stricter);
                        if (refuses(table, column)) {
                            unusable.add(column);
                        }
                    });
                }
            }
        }
        boolean statistics = catalogue(content, columns, unusable);
        // Of the schemas where a name is looked for most have no such table; one that none has may have been made just
        // now.
        boolean all = relations.stream().allMatch(name -> found.contains(name.name()))
                && content.effects().stream().noneMatch(AnswerMask::ofAnyTable);
        return new Reach(
                columns,
                all
                        ? columns.values().stream().reduce(Mask::stricter)
                        : masker.forAnything().map(AnswerMask::redacting),
                known,
                unusable,
                all ? !unusable.isEmpty() : masker.refusesElsewhere(),
                statistics);
    }

    /** Whether it is about tables that nobody can name: in no schema that is known, or in one that gets another name. */
    private static boolean ofAnyTable(Effect effect) {
        return switch (effect.resource().kind()) {
            case "table" ->
                effect.resource().path().size() < 2 && !effect.action().equals("sql:create");
            case "schema" -> effect.action().equals("sql:alter");
            default -> false;
        };
    }

    /** The catalogue's own columns, which everybody knows by name, where masks speak of them. */
    private boolean catalogue(Content content, Map<String, Mask> columns, Set<String> unusable) {
        boolean statistics = false;
        for (Effect effect : content.effects()) {
            List<String> path = effect.resource().path();
            statistics |= path.size() == 2 && path.getFirst().startsWith(OVERSIZED);
            if (effect.resource().kind().equals("table") && path.size() == 2 && CATALOGUES.contains(path.getFirst())) {
                statistics |= STATISTICS.contains(path.getLast());
                String table = String.join(".", path);
                for (String reference : content.references()) {
                    String column = Reach.name(reference);
                    masker.forColumn(table, column)
                            .filter(mask -> !column.equals(Statement.ALL_COLUMNS))
                            .ifPresent(mask -> {
                                columns.merge(column, redacting(mask), Mask::stricter);
                                if (masker.refusesElsewhere(table, column)) {
                                    unusable.add(column);
                                }
                            });
                }
            }
        }
        return statistics;
    }

    private boolean refuses(Table table, String column) {
        if (masker.refusesElsewhere(table.qualified(), column)) {
            return true;
        }
        Behind behind = table.behind(column);
        return !behind.sure() && masker.refusesElsewhere()
                || behind.sources().stream()
                        .anyMatch(
                                source -> masker.refusesElsewhere(source.table().toString(), source.column()));
    }

    /** Why a command must not be forwarded: what it shows would be hidden, but it tells in another way. */
    Optional<Report> refusal(Content content, Reach reach) {
        if (!masker.selectsColumns()) {
            return Optional.empty();
        }
        if (reach.statistics && masker.refusesElsewhere()) {
            return Optional.of(refusal("what the target keeps beside its tables tells values of masked columns"));
        }
        Set<String> columns = new TreeSet<>();
        boolean rows = false;
        for (String name : content.elsewhere()) {
            if (reach.unusable.contains(Reach.name(name))) {
                columns.add('"' + Reach.name(name) + '"');
            }
            rows |= reach.refuses && reach.row(name);
        }
        if (!columns.isEmpty()) {
            return Optional.of(refusal("this command uses what is masked otherwise than to show it: column "
                    + String.join(", ", columns)));
        }
        if (rows) {
            return Optional.of(
                    refusal("this command uses whole rows, in which columns are masked, otherwise than to show them"));
        }
        return content.elsewhere().contains(Statement.ANYTHING) && masker.refusesElsewhere()
                ? Optional.of(refusal("nobody can see what the code in this command does with masked columns"))
                : Optional.empty();
    }

    private static Report refusal(String why) {
        return Report.error("42501", why)
                .detail("Conditions, orders, groups, joins, copies and calculations tell what is in a column, though"
                        + " it is not shown.")
                .hint("Leave the masked columns out of them, or ask for a mask with 'elsewhere: allow'.");
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
            Optional<Mask> mask = masker.selectsColumns() || field.table() == 0
                    ? column(field, content, reach, tables)
                    : Optional.empty();
            RowMask.Column action = mask.isPresent()
                    ? RowMask.Column.hide(mask.get(), field)
                    : masker.detects() ? RowMask.Column.scan(field) : RowMask.Column.PASS;
            actions[i] = action;
            any |= action != RowMask.Column.PASS;
        }
        return any ? Optional.of(new RowMask(actions, masker)) : Optional.empty();
    }

    /** Whether {@link #hide} may have something to do. */
    boolean hidesIn(Content content, Reach reach) {
        return masker.detects() || quotes(content, reach);
    }

    /** Errors and notices may quote values: what masks select by column cannot be told from the rest of them. */
    Report hide(Report report, Content content, Reach reach) {
        Map<Character, String> hidden = new LinkedHashMap<>(report.fields());
        if (quotes(content, reach)) {
            boolean plain = !content.references().contains(Statement.ANYTHING)
                    && !hidden.containsKey('W')
                    && OF_THE_TEXT.stream().anyMatch(report.sqlState()::startsWith);
            hidden.replaceAll((field, text) ->
                    VALUES.indexOf(field) >= 0 || !plain && CODES.indexOf(field) >= 0 ? Masker.REDACTED : text);
        }
        if (masker.detects()) {
            hidden.replaceAll((field, text) -> {
                String shown = field == 'S' || field == 'V' || field == 'C' ? text : masker.hideDetected(text);
                return shown == null ? Masker.REDACTED : shown;
            });
        }
        return new Report(report.type(), hidden);
    }

    private boolean quotes(Content content, Reach reach) {
        return reach.any.isPresent()
                || masker.selectsColumns() && content.references().contains(Statement.ANYTHING);
    }

    /** The mask for a table's or view's column. */
    Optional<Mask> column(Table table, String column) {
        Optional<Mask> own = masker.forColumn(table.qualified(), column);
        return Stream.concat(own.stream(), beneath(table.behind(column)).stream())
                .reduce(Mask::stricter);
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
            if (reference.equals(Statement.ANYTHING)) {
                masker.forAnything().map(AnswerMask::redacting).ifPresent(all::add);
            } else if (reach.row(reference)) {
                reach.any().ifPresent(all::add);
            } else if (reach.columns().containsKey(Reach.name(reference))) {
                all.add(reach.columns().get(Reach.name(reference)));
            }
        }
        if (reach.columns().isEmpty()) {
            reach.any().ifPresent(all::add);
        }
        reshaped(content).ifPresent(all::add);
        return all.stream().reduce(Mask::stricter);
    }

    /** A column is hidden as what it is made of; as anything could be, where that is not sure. */
    private Optional<Mask> beneath(Behind behind) {
        Optional<Mask> masked = Stream.concat(
                        behind.sources().stream()
                                .flatMap(source ->
                                        masker.forColumn(source.table().toString(), source.column()).stream()),
                        behind.sure() ? Stream.empty() : masker.forAnything().stream())
                .reduce(Mask::stricter);
        return behind.plain() ? masked : masked.map(AnswerMask::redacting);
    }

    /**
     * Of a computed value even the last four characters may be others than meant, and its hash or token may be that of a
     * value that somebody chose to compare with.
     */
    private static Mask redacting(Mask mask) {
        return mask.way().compareTo(Way.REDACT) > 0
                ? new Mask(mask.name(), mask.selector(), Way.REDACT, Optional.empty(), mask.elsewhere())
                : mask;
    }
}
