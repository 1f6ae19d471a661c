package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * What lies in the store and in the journal, read back whatever has become of it: over the seeds with every build, and over
 * what a fuzzer makes of them by {@code ./countersign fuzz}.
 */
class AnyRecordIsReadOrRefusedTest {

    /** More than a fuzzer's inputs unpack to. */
    private static final int MOST = 1 << 20;

    /** @param input entries as a block holds them, each after its length */
    @FuzzTest
    void entries(byte[] input) {
        try {
            List<byte[]> entries = Packing.split(input);
            assertThat(Packing.join(entries)).isEqualTo(input);
            for (byte[] json : entries) {
                Entry entry = Entry.read(json);
                assertThat(entry.json()).isEqualTo(json);
                JsonReader read = JsonReader.of(json);
                read.time("at");
                read.object("chain").identity();
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageMatching("(?s).*(entry|record).*");
        }
    }

    /** @param input a block's plain size, then its packed bytes */
    @FuzzTest
    void blocks(byte[] input) {
        if (input.length < Integer.BYTES) {
            return;
        }
        int size = ByteBuffer.wrap(input).getInt();
        byte[] packed = Arrays.copyOfRange(input, Integer.BYTES, input.length);
        try {
            assertThat(Packing.unpack(packed, size % MOST)).hasSize(size % MOST);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("not what was packed");
        }
        try (Packing packing = new Packing()) {
            assertThat(Packing.unpack(packing.pack(input), input.length)).isEqualTo(input);
        }
        // Half pairs, too.
        String text = ByteBuffer.wrap(input).asCharBuffer().toString();
        assertThat(JsonReader.of(JsonWriter.document(json -> json.text("text", text)))
                        .text("text"))
                .isEqualTo(text);
    }
}
