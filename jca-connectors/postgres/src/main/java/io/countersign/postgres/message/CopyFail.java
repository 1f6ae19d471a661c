package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** CopyFail (F): gives up a COPY FROM STDIN. */
public record CopyFail(String reason) implements FrontendMessage {

    public static final byte TYPE = 'f';

    static CopyFail decode(ByteBuf in) {
        CopyFail message = new CopyFail(Wire.string(in, "CopyFail"));
        Wire.end(in, "CopyFail");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to, reason));
    }
}
