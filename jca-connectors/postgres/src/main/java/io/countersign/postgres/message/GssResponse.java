package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * GSSResponse (F): what GSSAPI or SSPI says next. The gateway asks nobody for it and goes that way to no target.
 *
 * @param data a secret, so never in {@code toString}
 */
public record GssResponse(byte[] data) implements FrontendMessage {

    public static final byte TYPE = 'p';

    public static GssResponse decode(ByteBuf in) {
        return new GssResponse(Wire.rest(in));
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> to.writeBytes(data));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GssResponse response && Arrays.equals(data, response.data);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return "GssResponse[data=<secret>]";
    }
}
