package io.countersign.postgres;

import io.countersign.postgres.message.Opaque;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder;
import org.jspecify.annotations.Nullable;

/**
 * What the client sent and was not forwarded yet: first the messages of the segment at hand, then what nobody has looked at.
 * Confined to the session's event loop.
 */
final class Kept {

    /** What a waiting client may have sent ahead before it is not read any more, in bytes. */
    static final int MOST = 64 * 1024;

    private final ByteBufAllocator allocator;
    private @Nullable ByteBuf in;
    private Segment segment = new Segment();

    Kept(ByteBufAllocator allocator) {
        this.allocator = allocator;
    }

    /** @param more taken over */
    void add(ByteBuf more) {
        in = in == null ? more : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(allocator, in, more);
    }

    /** All of it; null where nothing is kept. */
    @Nullable
    ByteBuf orNull() {
        return in;
    }

    /** All of it, where there must be some. */
    ByteBuf bytes() {
        ByteBuf buffer = in;
        if (buffer == null) {
            throw new IllegalStateException("nothing is kept");
        }
        return buffer;
    }

    Segment segment() {
        return segment;
    }

    /** What follows belongs to another segment; the one at hand is forwarded or dropped. */
    void nextSegment() {
        segment = new Segment();
    }

    /** Where the first message starts that is not in the segment. */
    int next(ByteBuf buffer) {
        return buffer.readerIndex() + segment.bytes;
    }

    /** The first bytes, to be forwarded. */
    ByteBuf take(int length) {
        return bytes().readRetainedSlice(length);
    }

    void skip(int length) {
        bytes().skipBytes(length);
    }

    /** Whether it is more than a waiting client may send ahead. */
    boolean enough() {
        ByteBuf buffer = in;
        return buffer != null && buffer.readableBytes() > MOST;
    }

    /** Whether the message after the segment has not arrived as a whole; data of a COPY need not (see {@link CopyIn}). */
    boolean outstanding() {
        ByteBuf buffer = in;
        if (buffer == null) {
            return true;
        }
        int at = next(buffer);
        int length = PostgresCodec.frameLength(buffer, at);
        return length < 0 || buffer.getByte(at) != Opaque.COPY_DATA && buffer.writerIndex() - at < length;
    }

    /** Holding may take hours: no more memory is kept for it than the bytes themselves need. */
    void settle() {
        ByteBuf buffer = in;
        if (buffer != null) {
            ByteBuf small = Unpooled.buffer(buffer.readableBytes());
            small.writeBytes(buffer);
            buffer.release();
            in = small;
        }
    }

    /** Gives back a buffer that has been read to its end. */
    void trim() {
        ByteBuf buffer = in;
        if (buffer != null && !buffer.isReadable()) {
            buffer.release();
            in = null;
        }
    }

    void release() {
        if (in != null) {
            in.release();
            in = null;
        }
    }
}
