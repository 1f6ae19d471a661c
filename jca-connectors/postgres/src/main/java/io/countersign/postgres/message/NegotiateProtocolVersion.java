package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * NegotiateProtocolVersion (B): the newest version the server speaks, and the options it does not know.
 *
 * @param version major in the upper, minor in the lower 16 bits
 */
public record NegotiateProtocolVersion(int version, List<String> unknown) implements BackendMessage {

    public static final byte TYPE = 'v';

    public NegotiateProtocolVersion {
        unknown = List.copyOf(unknown);
    }

    static NegotiateProtocolVersion decode(ByteBuf in) {
        int version = Wire.int32(in, "NegotiateProtocolVersion");
        int count = Wire.int32(in, "NegotiateProtocolVersion count");
        if (count < 0) {
            throw Malformed.violation("NegotiateProtocolVersion says it has " + count + " options");
        }
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            unknown.add(Wire.string(in, "NegotiateProtocolVersion option"));
        }
        Wire.end(in, "NegotiateProtocolVersion");
        return new NegotiateProtocolVersion(version, unknown);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeInt(version).writeInt(unknown.size());
            unknown.forEach(option -> Wire.put(to, option));
        });
    }
}
