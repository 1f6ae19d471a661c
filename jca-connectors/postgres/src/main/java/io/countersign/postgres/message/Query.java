package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** Query (F): one or more statements as text, to be run at once. */
public record Query(String text) implements FrontendMessage {

    public static final byte TYPE = 'Q';

    static Query decode(ByteBuf in) {
        Query query = new Query(Wire.string(in, "Query"));
        Wire.end(in, "Query");
        return query;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to, text));
    }
}
