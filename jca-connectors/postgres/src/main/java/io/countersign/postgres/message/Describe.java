package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** Describe (F): asks what a statement takes and what a statement or portal answers. */
public record Describe(Kind kind, String name) implements FrontendMessage {

    public static final byte TYPE = 'D';

    static Describe decode(ByteBuf in) {
        Describe message = new Describe(Kind.decode(in), Wire.string(in, "Describe name"));
        Wire.end(in, "Describe");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to.writeByte(kind.code()), name));
    }
}
