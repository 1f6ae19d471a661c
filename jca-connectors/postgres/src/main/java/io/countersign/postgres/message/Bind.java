package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Bind (F): makes a portal of a prepared statement and values.
 *
 * @param formats       0 text, 1 binary: none (all text), one for all, or one for each value
 * @param values        the exact bytes, null for SQL NULL
 * @param resultFormats as {@code formats}, for the answer's columns
 */
public record Bind(
        String portal, String statement, List<Short> formats, List<byte @Nullable []> values, List<Short> resultFormats)
        implements FrontendMessage {

    public static final byte TYPE = 'B';

    public Bind {
        formats = List.copyOf(formats);
        values = Collections.unmodifiableList(new ArrayList<>(values));
        resultFormats = List.copyOf(resultFormats);
        if (formats.size() > 1 && formats.size() != values.size()) {
            throw Malformed.violation("Bind has " + formats.size() + " formats for " + values.size() + " values");
        }
    }

    /** Whether the value at this place is binary. */
    public boolean binary(int index) {
        return format(formats, index) == 1;
    }

    static Bind decode(ByteBuf in) {
        String portal = Wire.string(in, "Bind portal");
        String statement = Wire.string(in, "Bind statement");
        List<Short> formats = formats(in);
        int count = Wire.int16(in, "Bind value count");
        List<byte @Nullable []> values = new ArrayList<>(Math.min(count, in.readableBytes() / 4));
        for (int i = 0; i < count; i++) {
            int length = Wire.int32(in, "Bind value length");
            values.add(length == -1 ? null : Wire.bytes(in, length, "Bind value"));
        }
        List<Short> resultFormats = formats(in);
        Wire.end(in, "Bind");
        return new Bind(portal, statement, formats, values, resultFormats);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            Wire.put(to, portal);
            Wire.put(to, statement);
            formats(to, formats);
            to.writeShort(values.size());
            for (byte[] value : values) {
                to.writeInt(value == null ? -1 : value.length);
                if (value != null) {
                    to.writeBytes(value);
                }
            }
            formats(to, resultFormats);
        });
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bind bind
                && portal.equals(bind.portal)
                && statement.equals(bind.statement)
                && formats.equals(bind.formats)
                && resultFormats.equals(bind.resultFormats)
                && Arrays.deepEquals(values.toArray(), bind.values.toArray());
    }

    @Override
    public int hashCode() {
        return statement.hashCode() * 31 + Arrays.deepHashCode(values.toArray());
    }

    private static short format(List<Short> formats, int index) {
        return switch (formats.size()) {
            case 0 -> 0;
            case 1 -> formats.getFirst();
            default -> index < formats.size() ? formats.get(index) : 0;
        };
    }

    private static List<Short> formats(ByteBuf in) {
        int count = Wire.int16(in, "Bind format count");
        if (count == 0) {
            return List.of();
        }
        List<Short> formats = new ArrayList<>(Math.min(count, in.readableBytes() / 2));
        for (int i = 0; i < count; i++) {
            int format = Wire.int16(in, "Bind format");
            if (format > 1) {
                throw Malformed.violation("Bind format is " + format + ", allowed are 0 and 1");
            }
            formats.add((short) format);
        }
        return formats;
    }

    private static void formats(ByteBuf out, List<Short> formats) {
        out.writeShort(formats.size());
        formats.forEach(out::writeShort);
    }
}
