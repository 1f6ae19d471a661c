package io.countersign.postgres;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.Catalogue.Behind;
import io.countersign.postgres.Catalogue.Table;
import java.util.Optional;
import java.util.stream.Stream;

/** The mask that a column of a table or view has: its own, and those of the columns that it shows under its name. */
final class ColumnMasks {

    private final Masker masker;

    ColumnMasks(Masker masker) {
        this.masker = masker;
    }

    /** The mask for a table's or view's column. */
    Optional<Mask> of(Table table, String column) {
        Optional<Mask> own = masker.forColumn(table.qualified(), column);
        return Stream.concat(own.stream(), beneath(table.behind(column)).stream())
                .reduce(Mask::stricter);
    }

    /** The mask for what holds whole rows of a table or view. */
    Optional<Mask> ofRows(Table table) {
        return table.columns().values().stream()
                .flatMap(column -> of(table, column).stream())
                .map(ColumnMasks::redacting)
                .reduce(Mask::stricter);
    }

    /** The mask for what could be any column. */
    Optional<Mask> ofAnything() {
        return masker.forAnything().map(ColumnMasks::redacting);
    }

    /** Whether a table's or view's column must not be used otherwise than to be shown. */
    boolean refuses(Table table, String column) {
        if (masker.refusesElsewhere(table.qualified(), column)) {
            return true;
        }
        Behind behind = table.behind(column);
        return !behind.sure() && masker.refusesElsewhere()
                || behind.sources().stream()
                        .anyMatch(
                                source -> masker.refusesElsewhere(source.table().toString(), source.column()));
    }

    /** A column is hidden as what it is made of; as anything could be, where that is not sure. */
    private Optional<Mask> beneath(Behind behind) {
        Optional<Mask> masked = Stream.concat(
                        behind.sources().stream()
                                .flatMap(source ->
                                        masker.forColumn(source.table().toString(), source.column()).stream()),
                        behind.sure() ? Stream.empty() : masker.forAnything().stream())
                .reduce(Mask::stricter);
        return behind.plain() ? masked : masked.map(ColumnMasks::redacting);
    }

    /**
     * Of a computed value even the last four characters may be others than meant, and its hash or token may be that of a
     * value that somebody chose to compare with.
     */
    static Mask redacting(Mask mask) {
        return mask.way().compareTo(Way.REDACT) > 0
                ? new Mask(mask.name(), mask.selector(), Way.REDACT, Optional.empty(), mask.elsewhere())
                : mask;
    }
}
