package io.countersign.ledger;

import io.countersign.api.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Writes canonical JSON (RFC 8259): UTF-8, keys in the order given, no white space, integers only, the shortest escapes,
 * and times in UTC with six decimals. Equal values give equal bytes, so their hash can be taken and checked by anybody.
 *
 * <p>Written by hand because every command passes here: no tree, no reflection, one growing buffer ({@link JsonBytes}).
 */
public final class JsonWriter {

    /** Parts that a writer keeps to write them again, … */
    private static final int MOST_PARTS = 256;

    /** … and their bytes, each. */
    private static final int LONGEST_PART = 4096;

    private final JsonBytes out = new JsonBytes();
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
        out.reset();
        comma = false;
        return this;
    }

    byte[] bytes() {
        return out.from(0);
    }

    JsonWriter open() {
        separate();
        out.put('{');
        comma = false;
        return this;
    }

    JsonWriter close() {
        out.put('}');
        comma = true;
        return this;
    }

    public JsonWriter text(String name, @Nullable String value) {
        name(name);
        if (value == null) {
            out.ascii("null");
        } else {
            out.string(value);
        }
        return this;
    }

    public JsonWriter number(String name, long value) {
        name(name);
        out.digits(value);
        return this;
    }

    public JsonWriter flag(String name, boolean value) {
        name(name);
        out.ascii(value ? "true" : "false");
        return this;
    }

    /** Cut to microseconds. */
    public JsonWriter time(String name, Instant value) {
        name(name);
        out.put('"');
        out.instant(value);
        out.put('"');
        return this;
    }

    public JsonWriter texts(String name, Collection<String> values) {
        return each(name, values, value -> value);
    }

    /** An array of texts, one for each element. */
    public <T> JsonWriter each(String name, Collection<T> elements, Function<T, String> text) {
        name(name);
        out.put('[');
        comma = false;
        for (T element : elements) {
            separate();
            out.string(text.apply(element));
            comma = true;
        }
        out.put(']');
        comma = true;
        return this;
    }

    /** An object whose keys are sorted. */
    public JsonWriter texts(String name, Map<String, String> values) {
        Map<String, String> sorted = values.size() < 2 ? values : new TreeMap<>(values);
        return object(name, inner -> sorted.forEach(inner::text));
    }

    public JsonWriter object(String name, Consumer<JsonWriter> fields) {
        name(name);
        out.put('{');
        comma = false;
        fields.accept(this);
        return close();
    }

    /** An array of objects, one for each element. */
    public <T> JsonWriter objects(String name, Iterable<T> elements, ElementWriter<T> fields) {
        name(name);
        out.put('[');
        comma = false;
        for (T element : elements) {
            open();
            fields.write(this, element);
            close();
        }
        out.put(']');
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
            out.raw(before);
            return this;
        }
        int from = out.size();
        fields.write(this, thing);
        if (out.size() - from <= LONGEST_PART) {
            if (parts.size() >= MOST_PARTS) {
                parts.clear();
            }
            parts.put(part, out.from(from));
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
        out.string(name);
        out.put(':');
        comma = true;
    }

    private void separate() {
        if (comma) {
            out.put(',');
        }
    }
}
