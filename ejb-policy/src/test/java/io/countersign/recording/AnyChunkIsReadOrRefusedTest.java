package io.countersign.recording;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import io.countersign.api.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A recording's chunks (frames under Zstandard), read back whatever has become of them. */
class AnyChunkIsReadOrRefusedTest {

    private static final Packer PACKER = new Packer();

    /** @param input whether what follows is still to be packed, a guess at its size, then frames or what was packed */
    @FuzzTest
    void chunks(byte[] input) {
        if (input.length < 2) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(input, 2, input.length);
        boolean frames = (input[0] & 1) == 0;
        byte[] packed = frames ? Zstd.compress(rest) : rest;
        int size = frames && input[1] == 0 ? rest.length : input[1] * 1000;
        List<Frame> read;
        try {
            read = Chunk.read(packed, size);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("chunk");
            return;
        }
        ByteBuffer chunk = PACKER.pack(read, new Chain(new byte[0]));
        byte[] written = new byte[chunk.remaining() - Chunk.HEAD];
        chunk.get(Chunk.HEAD, written);
        List<Frame> again = Chunk.read(written, size(read));
        assertThat(again).usingRecursiveComparison().isEqualTo(read);
    }

    private static int size(List<Frame> frames) {
        return frames.stream()
                .mapToInt(frame -> 8 + 1 + 8 + 4 + frame.bytes().length)
                .sum();
    }
}
