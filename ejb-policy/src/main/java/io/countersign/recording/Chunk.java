package io.countersign.recording;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.countersign.api.Frame;
import io.countersign.api.Frame.Direction;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Frames that were written together ({@link Packer}). On disk, all big-endian:
 *
 * <pre>
 *   4  length of the compressed frames
 *   4  length of the frames
 *   8  number of the first command it belongs to
 *   8  number of the last
 *  32  SHA-256 over the chunk before's hash, the four fields above, and the compressed frames
 *   n  the frames, compressed with Zstandard (RFC 8878)
 * </pre>
 *
 * and a frame: 8 microseconds since the session started, 1 direction, 8 command, 4 length, and its bytes.
 */
final class Chunk {

    /** Frames of one chunk, before compression: what a reader must be ready to hold. */
    static final int MOST_BYTES = 1 << 20;

    static final int HEAD = 4 + 4 + 8 + 8 + 32;

    private static final int FRAME_HEAD = 8 + 1 + 8 + 4;

    private Chunk() {}

    /** As many chunks as it takes: a frame larger than a chunk is cut, and reads back as several. */
    static List<List<Frame>> cut(List<Frame> frames) {
        List<List<Frame>> chunks = new ArrayList<>();
        List<Frame> chunk = new ArrayList<>();
        int room = MOST_BYTES;
        for (Frame frame : frames) {
            int from = 0;
            do {
                if (room <= FRAME_HEAD) {
                    chunks.add(chunk);
                    chunk = new ArrayList<>();
                    room = MOST_BYTES;
                }
                int to = Math.min(frame.bytes().length, from + room - FRAME_HEAD);
                chunk.add(
                        from == 0 && to == frame.bytes().length
                                ? frame
                                : new Frame(
                                        frame.at(),
                                        frame.direction(),
                                        frame.command(),
                                        Arrays.copyOfRange(frame.bytes(), from, to)));
                room -= FRAME_HEAD + to - from;
                from = to;
            } while (from < frame.bytes().length);
        }
        if (!chunk.isEmpty()) {
            chunks.add(chunk);
        }
        return chunks;
    }

    /** @throws IllegalArgumentException where these are not frames */
    static List<Frame> read(byte[] packed, int size) {
        if (size < 0 || size > MOST_BYTES) {
            throw new IllegalArgumentException("a chunk has at most " + MOST_BYTES + " bytes of frames, not " + size);
        }
        try {
            ByteBuffer plain = ByteBuffer.wrap(Zstd.decompress(packed, size));
            List<Frame> frames = new ArrayList<>();
            while (plain.hasRemaining()) {
                Duration at = Duration.ofNanos(Math.multiplyExact(plain.getLong(), 1_000L));
                Direction direction = Direction.values()[plain.get() & 1];
                long command = plain.getLong();
                byte[] bytes = new byte[Math.min(plain.getInt(), plain.remaining() + 1)];
                plain.get(bytes);
                frames.add(new Frame(at, direction, command, bytes));
            }
            return frames;
        } catch (ZstdException | BufferUnderflowException | ArithmeticException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("a chunk does not hold frames", e);
        }
    }
}
