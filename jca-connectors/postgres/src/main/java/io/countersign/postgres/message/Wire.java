package io.countersign.postgres.message;

import io.netty.buffer.ByteBuf;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The manual's data types (54.6) on a buffer. Every read is checked against what is there. */
final class Wire {

    private Wire() {}

    static byte int8(ByteBuf in, String what) {
        need(in, 1, what);
        return in.readByte();
    }

    static int int16(ByteBuf in, String what) {
        need(in, 2, what);
        return in.readUnsignedShort();
    }

    static int int32(ByteBuf in, String what) {
        need(in, 4, what);
        return in.readInt();
    }

    static byte[] bytes(ByteBuf in, int length, String what) {
        need(in, length, what);
        byte[] bytes = new byte[length];
        in.readBytes(bytes);
        return bytes;
    }

    static byte[] rest(ByteBuf in) {
        return bytes(in, in.readableBytes(), "the rest");
    }

    /** A string that ends in a zero byte, valid in UTF-8: the gateway pins that encoding. */
    static String string(ByteBuf in, String what) {
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw Malformed.violation(what + " does not end in a zero byte");
        }
        String text = utf8(in, in.readerIndex(), length, what);
        in.skipBytes(length + 1);
        return text;
    }

    /** As {@link #string}, with U+FFFD for what is not UTF-8: a server may complain before the encoding is settled. */
    static String lenient(ByteBuf in, String what) {
        int length = in.bytesBefore((byte) 0);
        if (length < 0) {
            throw Malformed.violation(what + " does not end in a zero byte");
        }
        String text = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
        in.skipBytes(1);
        return text;
    }

    static String utf8(ByteBuf in, int from, int length, String what) {
        byte[] bytes = new byte[length];
        in.getBytes(from, bytes);
        try {
            return Utf8.decode(bytes);
        } catch (CharacterCodingException e) {
            throw new Malformed(Malformed.NOT_UTF8, "invalid byte sequence for encoding \"UTF8\" in " + what);
        }
    }

    static void put(ByteBuf out, String text) {
        out.writeCharSequence(text, StandardCharsets.UTF_8);
        out.writeByte(0);
    }

    /** Writes type, length (which counts itself but not the type) and body. */
    static void message(ByteBuf out, int type, Consumer<ByteBuf> body) {
        out.writeByte(type);
        int start = out.writerIndex();
        out.writeInt(0);
        body.accept(out);
        out.setInt(start, out.writerIndex() - start);
    }

    static void end(ByteBuf in, String what) {
        if (in.isReadable()) {
            throw Malformed.violation(what + " has " + in.readableBytes() + " bytes too many");
        }
    }

    private static void need(ByteBuf in, int length, String what) {
        if (length < 0 || in.readableBytes() < length) {
            throw Malformed.violation(
                    what + " needs " + Integer.toUnsignedString(length) + " bytes and has " + in.readableBytes());
        }
    }
}
