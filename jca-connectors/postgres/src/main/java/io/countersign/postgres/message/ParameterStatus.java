package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** ParameterStatus (B): the value a run-time parameter has now. */
public record ParameterStatus(String name, String value) implements BackendMessage {

    public static final byte TYPE = 'S';

    static ParameterStatus decode(ByteBuf in) {
        ParameterStatus message =
                new ParameterStatus(Wire.string(in, "ParameterStatus name"), Wire.string(in, "ParameterStatus value"));
        Wire.end(in, "ParameterStatus");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> {
            Wire.put(to, name);
            Wire.put(to, value);
        });
    }
}
