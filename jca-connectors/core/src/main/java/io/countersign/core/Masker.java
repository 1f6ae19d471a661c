package io.countersign.core;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Hides values as a list of masks says; the first that selects a value wins. Immutable. */
public final class Masker {

    /** What a redacted value reads. */
    public static final String REDACTED = "[redacted]";

    private static final int KEPT = 4;

    private record ColumnMask(Glob table, Glob column, Mask mask) {}

    private record ContentMask(Set<Detector> detectors, Way way) {}

    private final List<ColumnMask> columns = new ArrayList<>();
    private final List<ContentMask> contents = new ArrayList<>();
    private final Set<Detector> detectors = EnumSet.noneOf(Detector.class);

    public Masker(List<Mask> masks) {
        for (Mask mask : masks) {
            switch (mask.selector()) {
                case Selector.Column(String table, String column) ->
                    columns.add(new ColumnMask(new Glob(table), new Glob(column), mask));
                case Selector.Detected(Set<Detector> some) -> {
                    contents.add(new ContentMask(some, mask.way()));
                    detectors.addAll(some);
                }
            }
        }
    }

    /** Whether any mask selects by column. */
    public boolean selectsColumns() {
        return !columns.isEmpty();
    }

    /** Whether any mask looks at the values themselves. */
    public boolean detects() {
        return !contents.isEmpty();
    }

    /** The mask for a column whose origin is known. */
    public Optional<Mask> forColumn(String qualifiedTable, String column) {
        return first(mask -> mask.table.matches(qualifiedTable) && mask.column.matches(column));
    }

    /** The mask that some column of this table would have. */
    public Optional<Mask> forTable(String qualifiedTable) {
        return first(mask -> mask.table.matches(qualifiedTable));
    }

    /** The mask for a column known by its name only: whatever the table. */
    public Optional<Mask> forName(String column) {
        return first(mask -> mask.column.matches(column));
    }

    /** The mask that comes first of all, for what may show anything. */
    public Optional<Mask> forAnything() {
        return first(mask -> true);
    }

    /** Whether bytes of text could need {@link #hideDetected}: cheap, and never wrongly no. */
    public boolean mayDetect(byte[] utf8, int from, int to) {
        return detects() && Detectors.possible(utf8, from, to);
    }

    /** Whether a detector finds something. */
    public boolean detects(CharSequence text) {
        return detects() && !Detectors.find(detectors, text).isEmpty();
    }

    /** The text with everything hidden that a detector finds: itself where there is nothing, null where a mask says so. */
    public @Nullable String hideDetected(String text) {
        String hidden = text;
        for (ContentMask mask : contents) {
            List<Detectors.Found> found = Detectors.find(mask.detectors, hidden);
            if (found.isEmpty()) {
                continue;
            }
            StringBuilder kept = new StringBuilder(hidden.length());
            int from = 0;
            for (Detectors.Found part : found) {
                String shown = hide(mask.way, hidden.substring(part.from(), part.to()));
                if (shown == null) {
                    return null;
                }
                kept.append(hidden, from, part.from()).append(shown);
                from = part.to();
            }
            hidden = kept.append(hidden, from, hidden.length()).toString();
        }
        return hidden;
    }

    /** The whole value hidden. */
    public static @Nullable String hide(Way way, String value) {
        return switch (way) {
            case REDACT -> REDACTED;
            case NULL -> null;
            case KEEP_LAST_4 -> keepLast(value);
        };
    }

    private static String keepLast(String value) {
        int[] characters = value.codePoints().toArray();
        int kept = 0;
        for (int i = characters.length - 1; i >= 0; i--) {
            if (Character.isLetterOrDigit(characters[i]) && ++kept > KEPT) {
                characters[i] = '*';
            }
        }
        // A value that short would be shown whole.
        return kept <= KEPT ? "*".repeat(kept) : new String(characters, 0, characters.length);
    }

    private Optional<Mask> first(Predicate<ColumnMask> selected) {
        for (ColumnMask mask : columns) {
            if (selected.test(mask)) {
                return Optional.of(mask.mask);
            }
        }
        return Optional.empty();
    }
}
