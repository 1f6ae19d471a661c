package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Mask;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Name;
import io.countersign.postgres.Catalogue.Table;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.RowDescription.Field;
import io.countersign.postgres.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What must be hidden in the answer to a command. Decides column by column, once for each shape of answer; what it cannot
 * know it hides.
 */
final class AnswerMask {

    /** Nothing is hidden. */
    static final AnswerMask NONE = new AnswerMask(List.of());

    private final List<Mask> masks;
    private final Masker masker;
    private final ColumnMasks columns;

    AnswerMask(List<Mask> masks) {
        this.masks = List.copyOf(masks);
        this.masker = new Masker(masks);
        this.columns = new ColumnMasks(masker);
    }

    /** What it was compiled from. */
    List<Mask> masks() {
        return masks;
    }

    Masker masker() {
        return masker;
    }

    boolean none() {
        return !masker.detects() && !masker.selectsColumns();
    }

    boolean selectsColumns() {
        return masker.selectsColumns();
    }

    /** Whether lines of a COPY could hold what neither their columns' names nor a detector tells. */
    boolean computes(Content content) {
        return reshaped(content).isPresent() || anything(content);
    }

    /** @param tables what is known of a relation, null for one that the target does not show */
    Reach reach(Content content, Function<Name, @Nullable Table> tables) {
        return masker.selectsColumns() ? Reach.of(content, masker, tables) : Reach.NOTHING;
    }

    /** Why a command must not be forwarded: what it shows would be hidden, but it tells in another way. */
    Optional<Report> refusal(Content content, Reach reach) {
        return masker.selectsColumns() ? MaskedElsewhere.refusal(content, reach, masker) : Optional.empty();
    }

    /** The tables whose names must be known before {@link #plan} can decide. */
    Set<Integer> tables(RowDescription described) {
        Set<Integer> tables = new HashSet<>();
        if (masker.selectsColumns()) {
            described.fields().stream()
                    .map(Field::table)
                    .filter(oid -> oid != 0)
                    .forEach(tables::add);
        }
        return tables;
    }

    /**
     * What to do with each column.
     *
     * @param tables what is known of a table, null for one that is not known
     * @return empty where every row may pass as it is
     */
    Optional<RowMask> plan(
            RowDescription described, Content content, Reach reach, IntFunction<@Nullable Table> tables) {
        RowMask.Column[] actions = new RowMask.Column[described.fields().size()];
        boolean any = false;
        for (int i = 0; i < actions.length; i++) {
            Field field = described.fields().get(i);
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

    /** The mask for a table's or view's column. */
    Optional<Mask> column(Table table, String column) {
        return columns.of(table, column);
    }

    private Optional<Mask> column(Field field, Content content, Reach reach, IntFunction<@Nullable Table> tables) {
        if (field.table() == 0) {
            return expression(field.name(), content, reach);
        }
        Table table = tables.apply(field.table());
        if (table == null) {
            return columns.ofAnything();
        }
        if (field.column() == 0) {
            return columns.ofRows(table);
        }
        if (field.column() < 0) {
            return Optional.empty();
        }
        String column = table.columns().get((int) field.column());
        return column == null ? columns.ofAnything() : columns.of(table, column);
    }

    /** A computed column shows what it may have been computed from. */
    private Optional<Mask> expression(String name, Content content, Reach reach) {
        List<Mask> all = new ArrayList<>();
        masker.forName(name).map(ColumnMasks::redacting).ifPresent(all::add);
        for (String reference : content.references()) {
            if (reference.equals(Statement.ANYTHING)) {
                columns.ofAnything().ifPresent(all::add);
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

    /** The mask for texts that this command takes apart or puts together, if it reads any. */
    private Optional<Mask> reshaped(Content content) {
        Set<String> references = content.references();
        return references.contains(Statement.RESHAPED)
                        && (references.contains(Statement.ANYTHING)
                                || !Relations.of(content).isEmpty())
                ? masker.forReshaped().map(ColumnMasks::redacting)
                : Optional.empty();
    }

    /** Whether {@link #hide} may have something to do. */
    boolean hidesIn(Content content, Reach reach) {
        return masker.detects() || quotes(content, reach);
    }

    /** Errors and notices may quote values. */
    Report hide(Report report, Content content, Reach reach) {
        return ReportMask.hide(report, content, quotes(content, reach), masker);
    }

    private boolean quotes(Content content, Reach reach) {
        return reach.any().isPresent() || anything(content);
    }

    /** Whether it may read whatever there is, of which some is masked. */
    private boolean anything(Content content) {
        return masker.selectsColumns() && content.references().contains(Statement.ANYTHING);
    }
}
