package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** CommandComplete (B): a statement was carried out. */
public record CommandComplete(String tag) implements BackendMessage {

    public static final byte TYPE = 'C';

    static CommandComplete decode(ByteBuf in) {
        CommandComplete message = new CommandComplete(Wire.string(in, "CommandComplete"));
        Wire.end(in, "CommandComplete");
        return message;
    }

    /** The number the tag ends in, as in {@code DELETE 3} and {@code INSERT 0 1}; 0 where there is none. */
    public long rows() {
        int space = tag.lastIndexOf(' ');
        long rows = 0;
        for (int i = space + 1; i < tag.length(); i++) {
            int digit = tag.charAt(i) - '0';
            if (space < 0 || digit < 0 || digit > 9) {
                return 0;
            }
            rows = rows * 10 + digit;
        }
        return rows;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> Wire.put(to, tag));
    }
}
