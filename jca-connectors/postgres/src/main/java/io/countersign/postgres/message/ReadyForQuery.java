package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;

/** ReadyForQuery (B): a cycle has ended; with the transaction's status. */
public record ReadyForQuery(Status status) implements BackendMessage {

    public static final byte TYPE = 'Z';

    /** The transaction status indicator. */
    public enum Status {
        IDLE('I'),
        IN_TRANSACTION('T'),
        FAILED('E');

        private final byte code;

        Status(char code) {
            this.code = (byte) code;
        }

        /** The letter that stands for it on the wire. */
        public String letter() {
            return String.valueOf((char) code);
        }

        static Status of(byte code) {
            return switch (code) {
                case 'I' -> IDLE;
                case 'T' -> IN_TRANSACTION;
                case 'E' -> FAILED;
                default -> throw Malformed.violation("transaction status is " + code + ", allowed are I, T and E");
            };
        }
    }

    static ReadyForQuery decode(ByteBuf in) {
        ReadyForQuery message = new ReadyForQuery(Status.of(Wire.int8(in, "ReadyForQuery")));
        Wire.end(in, "ReadyForQuery");
        return message;
    }

    @Override
    public void encode(ByteBuf out) {
        Wire.message(out, TYPE, to -> to.writeByte(status.code));
    }
}
