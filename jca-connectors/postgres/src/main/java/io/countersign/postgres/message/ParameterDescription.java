package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/** ParameterDescription (B): the types of a statement's parameters, as object ids. */
public record ParameterDescription(List<Integer> types) implements BackendMessage {

    public static final byte TYPE = 't';

    public ParameterDescription {
        types = List.copyOf(types);
    }

    static ParameterDescription decode(ByteBuf in) {
        int count = Wire.int16(in, "ParameterDescription count");
        List<Integer> types = new ArrayList<>(Math.min(count, in.readableBytes() / 4));
        for (int i = 0; i < count; i++) {
            types.add(Wire.int32(in, "ParameterDescription type"));
        }
        Wire.end(in, "ParameterDescription");
        return new ParameterDescription(types);
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            to.writeShort(types.size());
            types.forEach(to::writeInt);
        });
    }
}
