package io.countersign.ledger;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * How a block's entries lie in its row: each preceded by its length (four bytes, big-endian), all together compressed with
 * Zstandard (RFC 8878). Used by one thread, which keeps the compressor's tables warm.
 */
final class Packing implements AutoCloseable {

    /** Measured on entries of commands: higher levels cost more than their bytes are worth. */
    private static final int LEVEL = 1;

    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(LEVEL).setChecksum(true);

    byte[] pack(byte[] plain) {
        return zstd.compress(plain);
    }

    static byte[] join(List<byte[]> entries) {
        long size = 0;
        for (byte[] entry : entries) {
            size += Integer.BYTES + entry.length;
        }
        ByteBuffer plain = ByteBuffer.allocate(Math.toIntExact(size));
        for (byte[] entry : entries) {
            plain.putInt(entry.length).put(entry);
        }
        return plain.array();
    }

    static byte[] unpack(byte[] packed, int plainBytes) {
        try {
            byte[] plain = Zstd.decompress(packed, Math.max(plainBytes, 0));
            if (plain.length == plainBytes) {
                return plain;
            }
            throw new IllegalStateException("the stored bytes are not what was packed: they are " + plain.length
                    + ", and should be " + plainBytes);
        } catch (ZstdException e) {
            throw new IllegalStateException("the stored bytes are not what was packed: " + e.getMessage(), e);
        }
    }

    static List<byte[]> split(byte[] plain) {
        List<byte[]> entries = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(plain);
        while (rest.hasRemaining()) {
            int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
            if (length < 0 || length > rest.remaining()) {
                throw new IllegalStateException("an entry is cut off at byte " + rest.position());
            }
            byte[] entry = new byte[length];
            rest.get(entry);
            entries.add(entry);
        }
        return entries;
    }

    @Override
    public void close() {
        zstd.close();
    }
}
