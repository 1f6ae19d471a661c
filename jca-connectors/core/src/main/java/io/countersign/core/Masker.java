package io.countersign.core;

import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Elsewhere;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Secret;
import io.countersign.core.Form.Found;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Hides values as a list of masks says. Of several that select a column the strictest wins, and so of several whose detectors
 * find the same; a column's own mask goes before what detectors would hide in it. Immutable.
 */
public final class Masker {

    /** What a redacted value reads. */
    public static final String REDACTED = "[redacted]";

    private static final int KEPT = 4;

    /** How often a text is looked at; one that still shows something then is hidden whole. */
    private static final int MOST_LOOKS = 8;

    /** Never changed. */
    private static final BitSet NOWHERE = new BitSet();

    private record ColumnMask(Glob table, Glob column, Mask mask) {}

    private final List<ColumnMask> columns = new ArrayList<>();
    private final Map<Detector, Mask> contents = new EnumMap<>(Detector.class);
    private final Detectors detectors;
    private final Optional<Mask> reshaped;

    /** By key: a policy has few. */
    private final Map<Secret, Pseudonyms> keyed = new HashMap<>();

    public Masker(List<Mask> masks) {
        for (Mask mask : masks) {
            mask.key().ifPresent(key -> keyed.computeIfAbsent(key, Pseudonyms::new));
            switch (mask.selector()) {
                case Selector.Column(String table, String column) ->
                    columns.add(new ColumnMask(new Glob(table), new Glob(column), mask));
                case Selector.Detected(Set<Detector> some) -> {
                    for (Detector detector : some) {
                        contents.merge(detector, mask, Mask::stricter);
                        for (String column : Detectors.columns(detector)) {
                            columns.add(new ColumnMask(new Glob("**"), new Glob(column), mask));
                        }
                    }
                }
            }
        }
        this.detectors = new Detectors(contents.keySet());
        this.reshaped = masks.stream()
                .filter(mask -> mask.elsewhere() == Elsewhere.REFUSE && mask.selector() instanceof Selector.Detected)
                .reduce(Mask::stricter);
    }

    /** Whether any mask selects by column. */
    public boolean selectsColumns() {
        return !columns.isEmpty();
    }

    /** Whether any mask looks at the values themselves. */
    public boolean detects() {
        return !detectors.none();
    }

    /** The mask for a column whose origin is known. */
    public Optional<Mask> forColumn(String qualifiedTable, String column) {
        return strictest(mask -> mask.table.matches(qualifiedTable) && mask.column.matches(column));
    }

    /** The mask for a column known by its name only: whatever the table. */
    public Optional<Mask> forName(String column) {
        return strictest(mask -> mask.column.matches(column));
    }

    /** Whether a column may not be used otherwise than to be shown. */
    public boolean refusesElsewhere(String qualifiedTable, String column) {
        return columns.stream()
                .anyMatch(mask -> mask.mask.elsewhere() == Elsewhere.REFUSE
                        && mask.table.matches(qualifiedTable)
                        && mask.column.matches(column));
    }

    /** Whether some column may not be. */
    public boolean refusesElsewhere() {
        return columns.stream().anyMatch(mask -> mask.mask.elsewhere() == Elsewhere.REFUSE);
    }

    /** The mask for what its detector may not recognise, because it was put together of other values. */
    public Optional<Mask> forReshaped() {
        return reshaped;
    }

    /** The strictest mask of all, for what may show anything. */
    public Optional<Mask> forAnything() {
        return strictest(mask -> true);
    }

    /**
     * What bytes of text could need to be hidden, for {@link #hideDetected(String, long)}: cheap, and 0 only where there is
     * nothing.
     */
    public long possible(byte[] utf8, int from, int to) {
        return detects() ? detectors.possible(utf8, from, to) : 0;
    }

    /**
     * Passes over many values in UTF-8 at once, with whatever stands between them as long as no value's end and the next one's
     * begin could read as one run of digits.
     *
     * @return a place up to which no value needs {@link #hideDetected}, nor has bytes as digits behind a backslash; the one
     *     that goes beyond it may
     */
    public int next(byte[] utf8, int from, int to) {
        return detects() ? detectors.next(utf8, from, to) : to;
    }

    /** Whether a detector finds something. */
    public boolean detects(CharSequence text) {
        return detects() && !detectors.find(text).isEmpty();
    }

    /**
     * Whether a detector finds something in bytes that are not said to be text: read as UTF-8, of which a letter's last byte
     * alone can be a control character before an address's sign, or byte by byte.
     */
    public boolean detects(byte[] bytes, int from, int to) {
        return possible(bytes, from, to) != 0
                && (detects(new String(bytes, from, to - from, StandardCharsets.UTF_8))
                        || detects(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1)));
    }

    /**
     * The text with everything hidden that a detector finds: itself where there is nothing, null where a mask says so. What is
     * left once something is hidden is looked at again, since the end of one value can read as another.
     */
    public @Nullable String hideDetected(String text) {
        return hideDetected(text, possible(text));
    }

    /**
     * The same, of a text whose bytes were looked at before.
     *
     * @param possible what {@link #possible} said of this very text
     */
    public @Nullable String hideDetected(String text, long possible) {
        if (possible == 0) {
            return text;
        }
        Hidden shown = new Hidden(text, NOWHERE);
        long looked = possible;
        for (int look = 0; look < MOST_LOOKS; look++) {
            List<Found> found = shown.outside(detectors.find(shown.text(), looked));
            if (found.isEmpty()) {
                return shown.text();
            }
            Hidden more = hide(found, shown);
            if (more == null) {
                return null;
            }
            shown = more;
            looked = possible(shown.text());
        }
        return REDACTED;
    }

    private long possible(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return possible(utf8, 0, utf8.length);
    }

    /** A text, and where in it stands what was put for values. */
    private record Hidden(String text, BitSet places) {

        List<Found> outside(List<Found> found) {
            if (found.isEmpty() || places.isEmpty()) {
                return found;
            }
            return found.stream().filter(part -> !hidden(part)).toList();
        }

        private boolean hidden(Found part) {
            int next = places.nextSetBit(part.from());
            return next >= 0 && next < part.to();
        }
    }

    private @Nullable Hidden hide(List<Found> found, Hidden before) {
        String text = before.text();
        StringBuilder kept = new StringBuilder(text.length());
        BitSet places = new BitSet();
        int from = 0;
        int next = 0;
        while (next < found.size()) {
            int start = found.get(next).from();
            int end = start;
            Mask mask = maskOf(found.get(next));
            // What overlaps is hidden as one, so that no end of it shows.
            do {
                Found part = found.get(next++);
                end = Math.max(end, part.to());
                mask = mask.stricter(maskOf(part));
            } while (next < found.size() && found.get(next).from() < end);
            String shown = hide(mask, text.substring(start, end));
            if (shown == null) {
                return null;
            }
            keep(before, from, start, kept, places);
            places.set(kept.length(), kept.length() + shown.length());
            kept.append(shown);
            from = end;
        }
        keep(before, from, text.length(), kept, places);
        return new Hidden(kept.toString(), places);
    }

    private static void keep(Hidden before, int from, int to, StringBuilder kept, BitSet places) {
        int shift = kept.length() - from;
        for (int at = before.places().nextSetBit(from);
                at >= 0 && at < to;
                at = before.places().nextSetBit(at + 1)) {
            places.set(at + shift);
        }
        kept.append(before.text(), from, to);
    }

    /** The whole value hidden. */
    public @Nullable String hide(Mask mask, String value) {
        return switch (mask.way()) {
            case NULL -> null;
            case REDACT -> REDACTED;
            case HASH -> pseudonyms(mask).hash(value);
            case TOKEN -> pseudonyms(mask).token(value).orElse(REDACTED);
            case KEEP_LAST_4 -> keepLast(value);
        };
    }

    private Pseudonyms pseudonyms(Mask mask) {
        return Objects.requireNonNull(keyed.get(mask.key().orElseThrow()), "a mask that is none of these");
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

    private Mask maskOf(Found part) {
        return Objects.requireNonNull(contents.get(part.detector()), "found by a detector that no mask names");
    }

    private Optional<Mask> strictest(Predicate<ColumnMask> selected) {
        return columns.stream().filter(selected).map(ColumnMask::mask).reduce(Mask::stricter);
    }
}
