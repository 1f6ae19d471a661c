package io.countersign.postgres.sql;

import io.countersign.postgres.sql.UsedNames.Ref;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a query answers with (7.3 "Select Lists"): what each is computed from, and its name. Both are null where a
 * star stands for some of them.
 *
 * @param all     what any of them is computed from
 * @param renamed whether some may have names that stand nowhere in the statement: those of the columns that a star stands for,
 *                to which a UNION or the like adds others (7.4)
 */
record QueryColumns(
        @Nullable List<Set<Ref>> columns, @Nullable List<String> names, Set<Ref> all, boolean renamed) {

    static final QueryColumns NOTHING = new QueryColumns(List.of(), List.of(), Set.of());

    QueryColumns(@Nullable List<Set<Ref>> columns, @Nullable List<String> names, Set<Ref> all) {
        this(columns, names, all, false);
    }

    /** What a column by its place, from 0, is computed from; all of it where that is not known. */
    Set<Ref> at(int place) {
        return columns != null && place >= 0 && place < columns.size() ? columns.get(place) : all;
    }

    /** The same columns, each from either; under this answer's names. */
    QueryColumns or(QueryColumns other) {
        Set<Ref> both = new HashSet<>(all);
        both.addAll(other.all);
        boolean unknown = renamed || other.renamed || names == null && !other.all.isEmpty();
        if (columns == null || other.columns == null) {
            return new QueryColumns(null, names, both, unknown);
        }
        List<Set<Ref>> merged = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            Set<Ref> either = new HashSet<>(columns.get(i));
            either.addAll(other.at(i));
            merged.add(either);
        }
        return new QueryColumns(merged, names, both, unknown);
    }
}
