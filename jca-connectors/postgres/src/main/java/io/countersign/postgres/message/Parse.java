package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * Parse (F): prepares a statement.
 *
 * @param name  empty for the unnamed statement
 * @param types object ids of parameter types, 0 where the server shall find out; may be fewer than parameters
 */
public record Parse(String name, String text, List<Integer> types) implements FrontendMessage {

    public static final byte TYPE = 'P';

    public Parse {
        types = List.copyOf(types);
    }

    static Parse decode(ByteBuf in) {
        String name = Wire.string(in, "Parse name");
        String text = Wire.string(in, "Parse text");
        int count = Wire.int16(in, "Parse type count");
        List<Integer> types = new ArrayList<>(Math.min(count, in.readableBytes() / 4));
        for (int i = 0; i < count; i++) {
            types.add(Wire.int32(in, "Parse type"));
        }
        Wire.end(in, "Parse");
        return new Parse(name, text, types);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            Wire.put(to, name);
            Wire.put(to, text);
            to.writeShort(types.size());
            types.forEach(to::writeInt);
        });
    }
}
