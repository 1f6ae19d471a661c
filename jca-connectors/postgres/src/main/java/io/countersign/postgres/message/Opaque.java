package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message of a known type whose body the gateway carries without reading it.
 *
 * @param type its type byte
 */
public record Opaque(byte type, byte[] body) implements FrontendMessage, BackendMessage {

    /** CopyData (F, B). */
    public static final byte COPY_DATA = 'd';

    public static Opaque decode(byte type, ByteBuf in) {
        return new Opaque(type, Wire.rest(in));
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, type, to -> to.writeBytes(body));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Opaque opaque && type == opaque.type && Arrays.equals(body, opaque.body);
    }

    @Override
    public int hashCode() {
        return type * 31 + Arrays.hashCode(body);
    }
}
