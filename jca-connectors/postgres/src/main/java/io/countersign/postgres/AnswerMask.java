package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Table;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.RowDescription;
import io.countersign.postgres.message.RowDescription.Field;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * What must be hidden in the answer to a command. Decides column by column, once for each shape of answer; what it cannot
 * know it hides.
 */
final class AnswerMask {

    /** Nothing is hidden. */
    static final AnswerMask NONE = new AnswerMask(new Masker(List.of()));

    private final Masker masker;

    AnswerMask(Masker masker) {
        this.masker = masker;
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
    Optional<RowMask> plan(RowDescription columns, Content content, IntFunction<@Nullable Table> tables) {
        RowMask.Column[] actions = new RowMask.Column[columns.fields().size()];
        boolean any = false;
        for (int i = 0; i < actions.length; i++) {
            Field field = columns.fields().get(i);
            Optional<Mask> mask = masker.selectsColumns() ? column(field, content, tables) : Optional.empty();
            RowMask.Column action = mask.isPresent()
                    ? RowMask.Column.hide(mask.get().way(), field)
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

    private Optional<Mask> column(Field field, Content content, IntFunction<@Nullable Table> tables) {
        if (field.table() == 0) {
            return expression(field.name(), content);
        }
        Table table = tables.apply(field.table());
        if (table == null) {
            return masker.forAnything();
        }
        if (field.column() == 0) {
            return wholeRow(table);
        }
        if (field.column() < 0) {
            return Optional.empty();
        }
        String column = table.columns().get((int) field.column());
        if (column == null) {
            return masker.forAnything();
        }
        if (!table.view()) {
            return masker.forColumn(table.qualified(), column);
        }
        // A view's column is an expression with a name: its own, the view's, or that of a column beneath.
        return masker.forName(column)
                .or(() -> masker.forName(field.name()))
                .or(() -> masker.forColumn(table.qualified(), column))
                .or(() -> beneath(table, column));
    }

    /** A computed column shows what it may have been computed from. */
    private Optional<Mask> expression(String name, Content content) {
        Optional<Mask> byName = masker.forName(name);
        if (byName.isPresent()) {
            return byName;
        }
        for (String reference : content.references()) {
            Optional<Mask> mask = reference.equals("*") ? masker.forAnything() : masker.forName(reference);
            if (mask.isPresent()) {
                return mask.map(AnswerMask::redacting);
            }
        }
        return Optional.empty();
    }

    private Optional<Mask> wholeRow(Table table) {
        for (String column : table.columns().values()) {
            Optional<Mask> mask = masker.forColumn(table.qualified(), column).or(() -> beneath(table, column));
            if (mask.isPresent()) {
                return mask.map(AnswerMask::redacting);
            }
        }
        return Optional.empty();
    }

    /** A view's column whose name none of the open columns beneath has may be any of the masked ones. */
    private Optional<Mask> beneath(Table view, String column) {
        Optional<Mask> masked = Optional.empty();
        for (Catalogue.Source source : view.sources()) {
            Optional<Mask> mask = masker.forColumn(source.table(), source.column());
            if (mask.isEmpty() && source.column().equals(column)) {
                return Optional.empty();
            }
            masked = masked.or(() -> mask);
        }
        return masked;
    }

    /** Of a computed value even the last four characters may be others than meant. */
    private static Mask redacting(Mask mask) {
        return mask.way() == Way.KEEP_LAST_4 ? new Mask(mask.name(), mask.selector(), Way.REDACT) : mask;
    }
}
