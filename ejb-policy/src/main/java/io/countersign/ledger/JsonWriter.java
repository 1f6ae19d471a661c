package io.countersign.ledger;

import io.countersign.api.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes canonical JSON (RFC 8259): UTF-8, keys in the order given, no white space, integers only, the shortest escapes,
 * and times in UTC with six decimals. Equal values give equal bytes, so their hash can be taken and checked by anybody.
 *
 * <p>Written by hand because every command passes here: no tree, no reflection, one growing buffer.
 */
public final class JsonWriter {

    /** Buffers above this many bytes are given back after use rather than kept by the thread. */
    private static final int KEPT = 64 * 1024;

    /** Parts that a writer keeps to write them again, … */
    private static final int MOST_PARTS = 256;

    /** … and their bytes, each. */
    private static final int LONGEST_PART = 4096;

    /** {@code \u005cu001f}: bytes of the longest form of one char. */
    private static final int LONGEST_CHAR = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer = new byte[2048];
    private int size;
    private boolean comma;
    private final Map<Part, byte[]> parts = new HashMap<>();

    /** What was written of one thing: the very same thing, by the very same writer. */
    private record Part(Object thing, Object fields) {

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Part part && part.thing == thing && part.fields == fields;
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(thing) + System.identityHashCode(fields);
        }
    }

    /** A whole object, for what is kept beside the ledger in the same form. */
    public static String document(Consumer<JsonWriter> fields) {
        JsonWriter json = new JsonWriter().open();
        fields.accept(json);
        return new String(json.close().bytes(), StandardCharsets.UTF_8);
    }

    /** Starts over. */
    JsonWriter reset() {
        if (buffer.length > KEPT) {
            buffer = new byte[2048];
        }
        size = 0;
        comma = false;
        return this;
    }

    byte[] bytes() {
        return Arrays.copyOf(buffer, size);
    }

    JsonWriter open() {
        separate();
        put('{');
        comma = false;
        return this;
    }

    JsonWriter close() {
        put('}');
        comma = true;
        return this;
    }

    public JsonWriter text(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            ascii("null");
        } else {
            string(value);
        }
        return this;
    }

    public JsonWriter number(String name, long value) {
        name(name);
        digits(value);
        return this;
    }

    public JsonWriter flag(String name, boolean value) {
        name(name);
        ascii(value ? "true" : "false");
        return this;
    }

    /** Cut to microseconds. */
    public JsonWriter time(String name, Instant value) {
        name(name);
        put('"');
        instant(value);
        put('"');
        return this;
    }

    public JsonWriter texts(String name, Collection<String> values) {
        return each(name, values, value -> value);
    }

    /** An array of texts, one for each element. */
    public <T> JsonWriter each(String name, Collection<T> elements, Function<T, String> text) {
        name(name);
        put('[');
        comma = false;
        for (T element : elements) {
            separate();
            string(text.apply(element));
            comma = true;
        }
        put(']');
        comma = true;
        return this;
    }

    /** An object whose keys are sorted. */
    public JsonWriter texts(String name, Map<String, String> values) {
        SortedMap<String, String> sorted = values.size() < 2 ? new TreeMap<>() : new TreeMap<>(values);
        return object(name, inner -> (values.size() < 2 ? values : sorted).forEach(inner::text));
    }

    public JsonWriter object(String name, Consumer<JsonWriter> fields) {
        name(name);
        put('{');
        comma = false;
        fields.accept(this);
        return close();
    }

    /** An array of objects, one for each element. */
    public <T> JsonWriter objects(String name, Iterable<T> elements, ElementWriter<T> fields) {
        name(name);
        put('[');
        comma = false;
        for (T element : elements) {
            open();
            fields.write(this, element);
            close();
        }
        put(']');
        comma = true;
        return this;
    }

    /**
     * Fields that follow from one thing which never changes: the next time that they are written of it they are copied.
     *
     * @param fields the same instance each time
     * @throws IllegalStateException at the beginning of an object: what is kept begins with a comma
     */
    public <T> JsonWriter same(T thing, ElementWriter<T> fields) {
        if (!comma) {
            throw new IllegalStateException("kept fields must follow others");
        }
        Part part = new Part(thing, fields);
        byte[] before = parts.get(part);
        if (before != null) {
            ensure(before.length);
            System.arraycopy(before, 0, buffer, size, before.length);
            size += before.length;
            return this;
        }
        int from = size;
        fields.write(this, thing);
        if (size - from <= LONGEST_PART) {
            if (parts.size() >= MOST_PARTS) {
                parts.clear();
            }
            parts.put(part, Arrays.copyOfRange(buffer, from, size));
        }
        return this;
    }

    /** The fields of one identity, as every entry has them. */
    public static void identity(JsonWriter json, Identity identity) {
        json.text("issuer", identity.issuer())
                .text("subject", identity.subject())
                .text("name", identity.name())
                .text("kind", identity.kind().name())
                .texts("groups", identity.groups().stream().sorted().toList());
        identity.claims().email().ifPresent(email -> json.text("email", email));
        identity.claims().client().ifPresent(client -> json.text("client", client));
        if (!identity.claims().others().isEmpty()) {
            json.texts("claims", identity.claims().others());
        }
    }

    /** Writes the fields of one element. */
    @FunctionalInterface
    public interface ElementWriter<T> {
        void write(JsonWriter json, T element);
    }

    private void name(String name) {
        separate();
        string(name);
        put(':');
        comma = true;
    }

    private void separate() {
        if (comma) {
            put(',');
        }
    }

    private void string(String value) {
        int length = value.length();
        ensure(length + LONGEST_CHAR + 2L);
        byte[] to = buffer;
        int at = size;
        to[at++] = '"';
        for (int i = 0; i < length; i++) {
            if (to.length - at <= LONGEST_CHAR) {
                size = at;
                ensure(length - i + LONGEST_CHAR + 2L);
                to = buffer;
            }
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                if (c == '"' || c == '\\') {
                    to[at++] = '\\';
                }
                to[at++] = (byte) c;
            } else if (c < 0x20) {
                at = control(to, at, c);
            } else if (c < 0x80) {
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xc0 | c >> 6);
                to[at++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                to[at++] = (byte) (0xe0 | c >> 12);
                to[at++] = (byte) (0x80 | c >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                int point = Character.toCodePoint(c, value.charAt(++i));
                to[at++] = (byte) (0xf0 | point >> 18);
                to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                // Half a pair has no UTF-8 form; escaped, it stays what it was.
                at = escaped(to, at, c);
            }
        }
        to[at++] = '"';
        size = at;
    }

    private static int control(byte[] to, int at, char c) {
        int letter = switch (c) {
            case '\b' -> 'b';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\f' -> 'f';
            case '\r' -> 'r';
            default -> 0;
        };
        if (letter == 0) {
            return escaped(to, at, c);
        }
        to[at] = '\\';
        to[at + 1] = (byte) letter;
        return at + 2;
    }

    private static int escaped(byte[] to, int at, char c) {
        to[at] = '\\';
        to[at + 1] = 'u';
        to[at + 2] = HEX[c >> 12];
        to[at + 3] = HEX[c >> 8 & 0xf];
        to[at + 4] = HEX[c >> 4 & 0xf];
        to[at + 5] = HEX[c & 0xf];
        return at + 6;
    }

    private void digits(long value) {
        ascii(Long.toString(value));
    }

    private void instant(Instant value) {
        long second = value.getEpochSecond();
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(second, 86_400L));
        int inDay = (int) Math.floorMod(second, 86_400L);
        if (day.getYear() < 0 || day.getYear() > 9999) {
            ascii(value.atOffset(ZoneOffset.UTC).toString());
            return;
        }
        padded(day.getYear(), 4);
        put('-');
        padded(day.getMonthValue(), 2);
        put('-');
        padded(day.getDayOfMonth(), 2);
        put('T');
        padded(inDay / 3600, 2);
        put(':');
        padded(inDay / 60 % 60, 2);
        put(':');
        padded(inDay % 60, 2);
        put('.');
        padded(value.get(ChronoField.MICRO_OF_SECOND), 6);
        put('Z');
    }

    private void padded(int value, int width) {
        ensure(width);
        for (int i = width - 1; i >= 0; i--) {
            buffer[size + i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        size += width;
    }

    private void ascii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    private void put(char c) {
        ensure(1);
        buffer[size++] = (byte) c;
    }

    private void ensure(long more) {
        if (size + more > buffer.length) {
            long doubled = Math.max(size + more, buffer.length * 2L);
            buffer = Arrays.copyOf(buffer, Math.toIntExact(Math.min(doubled, Integer.MAX_VALUE - 8)));
        }
    }
}
