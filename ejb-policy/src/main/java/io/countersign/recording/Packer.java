package io.countersign.recording;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.countersign.api.Frame;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes chunks of frames ({@link Chunk}) in memory that is its own and outside the heap, some 2 MB: what a gigabyte passes
 * through is neither made nor cleared anew for each chunk. For one writer at a time.
 */
final class Packer implements AutoCloseable {

    private static final int LEVEL = 1;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL);
    private final ByteBuffer plain = ByteBuffer.allocateDirect(Chunk.MOST_BYTES);
    private final ByteBuffer chunk =
            ByteBuffer.allocateDirect(Chunk.HEAD + Math.toIntExact(Zstd.compressBound(Chunk.MOST_BYTES)));

    /**
     * @param frames at most {@link Chunk#MOST_BYTES} of them, heads included
     * @return the chunk as it lies on disk, good until the next one; its hash is at {@code HEAD - 32}
     */
    ByteBuffer pack(List<Frame> frames, Chain chain) {
        plain.clear();
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (Frame frame : frames) {
            plain.putLong(frame.at().toNanos() / 1_000)
                    .put((byte) frame.direction().ordinal())
                    .putLong(frame.command())
                    .putInt(frame.bytes().length)
                    .put(frame.bytes());
            first = Math.min(first, frame.command());
            last = Math.max(last, frame.command());
        }
        int size = plain.position();
        chunk.clear();
        int packed = zstd.compressDirectByteBuffer(chunk, Chunk.HEAD, chunk.capacity() - Chunk.HEAD, plain, 0, size);
        chunk.limit(Chunk.HEAD + packed);
        chunk.putInt(packed).putInt(size).putLong(frames.isEmpty() ? 0 : first).putLong(frames.isEmpty() ? 0 : last);
        byte[] hash = chain.next(chunk.slice(0, Chunk.HEAD - 32), chunk.slice(Chunk.HEAD, packed));
        return chunk.put(hash).rewind();
    }

    @Override
    public void close() {
        zstd.close();
    }
}
