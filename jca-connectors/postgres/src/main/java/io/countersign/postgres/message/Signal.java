package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** Messages that say everything with their type: they have no body. */
public enum Signal implements FrontendMessage, BackendMessage {
    FLUSH('H'),
    SYNC('S'),
    TERMINATE('X'),
    COPY_DONE('c'),
    PARSE_COMPLETE('1'),
    BIND_COMPLETE('2'),
    CLOSE_COMPLETE('3'),
    EMPTY_QUERY_RESPONSE('I'),
    NO_DATA('n'),
    PORTAL_SUSPENDED('s');

    private final byte type;

    Signal(char type) {
        this.type = (byte) type;
    }

    public byte type() {
        return type;
    }

    Signal decode(ByteBuf in) {
        Wire.end(in, name());
        return this;
    }

    @Override
    public void encode(ByteBuf out) {
        out.writeByte(type).writeInt(4);
    }

    static Signal frontend(byte type, ByteBuf in) {
        return switch (type) {
            case 'H' -> FLUSH.decode(in);
            case 'S' -> SYNC.decode(in);
            case 'X' -> TERMINATE.decode(in);
            case 'c' -> COPY_DONE.decode(in);
            default -> throw new IllegalArgumentException("not a frontend signal: " + (char) type);
        };
    }

    static Signal backend(byte type, ByteBuf in) {
        return switch (type) {
            case '1' -> PARSE_COMPLETE.decode(in);
            case '2' -> BIND_COMPLETE.decode(in);
            case '3' -> CLOSE_COMPLETE.decode(in);
            case 'I' -> EMPTY_QUERY_RESPONSE.decode(in);
            case 'n' -> NO_DATA.decode(in);
            case 's' -> PORTAL_SUSPENDED.decode(in);
            case 'c' -> COPY_DONE.decode(in);
            default -> throw new IllegalArgumentException("not a backend signal: " + (char) type);
        };
    }
}
