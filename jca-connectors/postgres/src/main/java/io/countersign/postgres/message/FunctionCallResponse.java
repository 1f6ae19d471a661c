package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * FunctionCallResponse (B): what a function called by its number has answered.
 *
 * @param value null for SQL NULL
 */
public record FunctionCallResponse(byte @Nullable [] value) implements BackendMessage {

    public static final byte TYPE = 'V';

    static FunctionCallResponse decode(ByteBuf in) {
        int length = Wire.int32(in, "FunctionCallResponse length");
        FunctionCallResponse message =
                new FunctionCallResponse(length == -1 ? null : Wire.bytes(in, length, "FunctionCallResponse value"));
        Wire.end(in, "FunctionCallResponse");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeInt(value == null ? -1 : value.length);
            if (value != null) {
                to.writeBytes(value);
            }
        });
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FunctionCallResponse response && Arrays.equals(value, response.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }
}
