package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
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

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DataRow row && Arrays.deepEquals(values.toArray(), row.values.toArray());
    }

    @Override
    public int hashCode() {
        return Arrays.deepHashCode(values.toArray());
    }
}
