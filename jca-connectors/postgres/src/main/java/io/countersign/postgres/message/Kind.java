package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** What Describe and Close speak of. */
public enum Kind {
    STATEMENT('S'),
    PORTAL('P');

    private final byte code;

    Kind(char code) {
        this.code = (byte) code;
    }

    byte code() {
        return code;
    }

    static Kind decode(ByteBuf in) {
        byte code = Wire.int8(in, "kind");
        return switch (code) {
            case 'S' -> STATEMENT;
            case 'P' -> PORTAL;
            default -> throw Malformed.violation("kind is " + code + ", allowed are S and P");
        };
    }
}
