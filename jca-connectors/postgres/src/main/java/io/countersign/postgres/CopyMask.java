package io.countersign.postgres;

import io.countersign.core.Masker;
import io.countersign.postgres.message.Opaque;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Hides what a detector finds in the lines of a COPY TO STDOUT in text or CSV format. The server sends one line a message. */
final class CopyMask {

    private CopyMask() {}

    /** The frame to send instead, or null where this one may pass. */
    static @Nullable ByteBuf apply(Masker masker, ByteBuf frame, int index, int length, ByteBufAllocator allocator) {
        byte[] bytes = new byte[length - PostgresCodec.HEADER];
        frame.getBytes(index + PostgresCodec.HEADER, bytes);
        if (!masker.mayDetect(bytes, 0, bytes.length)) {
            return null;
        }
        String line = new String(bytes, StandardCharsets.UTF_8);
        String shown = masker.hideDetected(line);
        if (line.equals(shown)) {
            return null;
        }
        // A whole line cannot be NULL; the word keeps the line's end.
        String text = shown == null ? Masker.REDACTED + "\n" : shown;
        ByteBuf out = allocator.buffer(length);
        new Opaque(Opaque.COPY_DATA, text.getBytes(StandardCharsets.UTF_8)).encode(out);
        return out;
    }
}
