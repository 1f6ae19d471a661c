package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DataRow (B): one row.
 *
 * @param values column by column, null for SQL NULL
 */
public record DataRow(List<byte @Nullable []> values) implements BackendMessage {

    public static final byte TYPE = 'D';

    public DataRow {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    public static DataRow decode(ByteBuf in) {
        int count = Wire.int16(in, "DataRow count");
        List<byte @Nullable []> values = new ArrayList<>(Math.min(count, in.readableBytes() / 4));
        for (int i = 0; i < count; i++) {
            int length = Wire.int32(in, "DataRow value length");
            values.add(length == -1 ? null : Wire.bytes(in, length, "DataRow value"));
        }
        Wire.end(in, "DataRow");
        return new DataRow(values);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeShort(values.size());
            for (byte[] value : values) {
                to.writeInt(value == null ? -1 : value.length);
                if (value != null) {
                    to.writeBytes(value);
                }
            }
        });
    }

    /**
     * The elements of an array of texts without nulls, in its binary form: dimensions, whether there are nulls, the elements'
     * type, length and lower bound, then each with its length (src/backend/utils/adt/arrayfuncs.c, array_send).
     */
    public List<String> array(int column) {
        byte[] value = column < values.size() ? values.get(column) : null;
        if (value == null) {
            throw Malformed.violation("an array is missing in column " + column);
        }
        ByteBuf in = Unpooled.wrappedBuffer(value);
        int dimensions = Wire.int32(in, "array dimensions");
        Wire.bytes(in, 8, "array type");
        if (dimensions == 0) {
            Wire.end(in, "array");
            return List.of();
        }
        int count = Wire.int32(in, "array length");
        Wire.bytes(in, 4, "array bound");
        if (dimensions != 1 || count < 0) {
            throw Malformed.violation("an array of " + dimensions + " dimensions and " + count + " elements");
        }
        List<String> elements = new ArrayList<>(Math.min(count, in.readableBytes() / 4));
        for (int i = 0; i < count; i++) {
            byte[] element = Wire.bytes(in, Wire.int32(in, "array element length"), "array element");
            elements.add(new String(element, StandardCharsets.UTF_8));
        }
        Wire.end(in, "array");
        return List.copyOf(elements);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataRow row && Arrays.deepEquals(values.toArray(), row.values.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values.toArray());
    }
}
