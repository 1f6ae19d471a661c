package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** Close (F): forgets a statement or a portal. */
public record Close(Kind kind, String name) implements FrontendMessage {

    public static final byte TYPE = 'C';

    static Close decode(ByteBuf in) {
        Close message = new Close(Kind.decode(in), Wire.string(in, "Close name"));
        Wire.end(in, "Close");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to.writeByte(kind.code()), name));
    }
}
