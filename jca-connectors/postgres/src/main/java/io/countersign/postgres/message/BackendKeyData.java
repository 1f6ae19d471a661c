package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * BackendKeyData (B): what a CancelRequest must name.
 *
 * @param key 4 bytes in protocol 3.0, up to 256 in 3.2; a secret, so never in {@code toString}
 */
public record BackendKeyData(int processId, byte[] key) implements BackendMessage {

    public static final byte TYPE = 'K';

    static BackendKeyData decode(ByteBuf in) {
        int processId = Wire.int32(in, "BackendKeyData");
        int length = in.readableBytes();
        if (length < 4 || length > 256) {
            throw Malformed.violation("BackendKeyData key has " + length + " bytes, allowed are 4 to 256");
        }
        return new BackendKeyData(processId, Wire.rest(in));
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> to.writeInt(processId).writeBytes(key));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof BackendKeyData data && processId == data.processId && Arrays.equals(key, data.key);
    }

    @Override
    public int hashCode() {
        return processId;
    }

    @Override
    public String toString() {
        return "BackendKeyData[processId=" + processId + ", key=<secret>]";
    }
}
