package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/**
 * Execute (F): runs a portal.
 *
 * @param most rows to answer before the portal is suspended; 0 for all
 */
public record Execute(String portal, int most) implements FrontendMessage {

    public static final byte TYPE = 'E';

    static Execute decode(ByteBuf in) {
        Execute message = new Execute(Wire.string(in, "Execute portal"), Wire.int32(in, "Execute rows"));
        Wire.end(in, "Execute");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            Wire.put(to, portal);
            to.writeInt(most);
        });
    }
}
