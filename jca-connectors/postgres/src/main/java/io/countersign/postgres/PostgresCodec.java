package io.countersign.postgres;

import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Bytes to messages and back, without any I/O: finds frames, keeps their limits, hands their bodies to the messages.
 *
 * <p>A frame is a type byte, a length of four bytes that counts itself, and a body (54.1); the first packet of a
 * connection has no type byte.
 */
public final class PostgresCodec {

    /** Type byte and length. */
    static final int HEADER = 5;

    /** A statement, with its values. Longer ones are refused; bulk data belongs into COPY. */
    static final int LONGEST_COMMAND = 16 * 1024 * 1024;

    /** A token as password. psql and OpenSSH send less. */
    static final int LONGEST_PASSWORD = 16 * 1024;

    /** Describe, Execute, Close: a name of at most 63 bytes and a number; generous. */
    private static final int LONGEST_SMALL = 16 * 1024;

    /** The server's own limit for one message (PQ_LARGE_MESSAGE_LIMIT), for what only passes through. */
    private static final int LONGEST_DATA = 0x3fffffff;

    private PostgresCodec() {}

    /**
     * The whole length, type byte included, of the frame that starts at an index.
     *
     * @return -1 where its header has not arrived yet
     * @throws Malformed where the length cannot be one
     */
    static int frameLength(ByteBuf in, int index) {
        if (in.writerIndex() - index < HEADER) {
            return -1;
        }
        int length = in.getInt(index + 1);
        if (length < 4 || length > LONGEST_DATA) {
            throw violation("a message says it has " + Integer.toUnsignedString(length) + " bytes");
        }
        return length + 1;
    }

    /**
     * Checks type and length of a client's frame before its body is waited for.
     *
     * @throws Malformed where the type is unknown or the frame longer than its type may be
     */
    static void checkFrontend(byte type, int frameLength) {
        int longest = switch (type) {
            case 'Q', 'P', 'B', 'F' -> LONGEST_COMMAND;
            case 'D', 'E', 'C', 'f' -> LONGEST_SMALL;
            case 'H', 'S', 'X', 'c' -> HEADER;
            case 'd' -> LONGEST_DATA;
            case 'p' -> LONGEST_PASSWORD;
            default -> throw violation("message type " + (type & 0xff) + " is unknown");
        };
        if (frameLength > longest) {
            throw violation("a message of type " + (char) type + " has " + frameLength + " bytes, allowed are "
                    + longest + (longest == LONGEST_COMMAND ? "; bulk data belongs into COPY" : ""));
        }
    }

    /** The client's message in a whole frame. */
    static FrontendMessage frontend(ByteBuf in, int index, int frameLength) {
        return FrontendMessage.decode(in.getByte(index), in.slice(index + HEADER, frameLength - HEADER));
    }

    /** The server's message in a whole frame. */
    static BackendMessage backend(ByteBuf in, int index, int frameLength) {
        return BackendMessage.decode(in.getByte(index), in.slice(index + HEADER, frameLength - HEADER));
    }

    /**
     * The whole length of the packet that starts a connection.
     *
     * @return -1 where its length has not arrived yet
     */
    static int startupLength(ByteBuf in) {
        if (in.readableBytes() < 4) {
            return -1;
        }
        int length = in.getInt(in.readerIndex());
        if (length < 8 || length > StartupPacket.LONGEST) {
            throw violation("a start-up packet says it has " + Integer.toUnsignedString(length) + " bytes");
        }
        return length;
    }

    static ByteBuf encode(ByteBufAllocator allocator, BackendMessage message) {
        ByteBuf out = allocator.buffer(64);
        message.encode(out);
        return out;
    }

    static ByteBuf encode(ByteBufAllocator allocator, FrontendMessage message) {
        ByteBuf out = allocator.buffer(64);
        message.encode(out);
        return out;
    }

    private static Malformed violation(String message) {
        return new Malformed(Malformed.PROTOCOL_VIOLATION, message);
    }
}
