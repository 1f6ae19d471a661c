package io.countersign.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.api.Mask;
import io.countersign.api.Mask.Detector;
import io.countersign.api.Mask.Selector;
import io.countersign.api.Mask.Way;
import io.countersign.core.Masker;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.RowDescription.Field;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What hides values in answers, whatever a server answers: rows in every type and format, COPY in text and CSV. */
class AnyAnswerIsMaskedOrRefusedTest {

    /** varchar, bytea, json, jsonb, xml, text[], record, inet, int4, hstore or another extension's. */
    private static final int[] TYPES = {1043, 17, 114, 3802, 142, 1009, 2249, 869, 23, 16_999};

    private static final Mask HIDDEN = new Mask("hidden", new Selector.Column("**", "hidden"), Way.REDACT);

    private static final Masker MASKER = new Masker(
            List.of(HIDDEN, new Mask("content", new Selector.Detected(EnumSet.allOf(Detector.class)), Way.REDACT)));

    private static final int MOST_COLUMNS = 4;

    /** @param input how many columns, a byte of type, format and mask for each, and the row's message after its number of values */
    @FuzzTest
    void rows(byte[] input) {
        int columns = input.length == 0 ? 0 : Math.min(1 + (input[0] & 0xff) % MOST_COLUMNS, input.length - 1);
        if (columns == 0) {
            return;
        }
        Field[] fields = new Field[columns];
        RowMask.Column[] plan = new RowMask.Column[columns];
        for (int i = 0; i < columns; i++) {
            int chosen = input[1 + i] & 0xff;
            int type = TYPES[(chosen & 0x3f) % TYPES.length];
            fields[i] = new Field("c", 0, (short) 0, type, (short) -1, -1, (short) (chosen >> 6 & 1));
            plan[i] = chosen >> 7 == 1 ? RowMask.Column.hide(HIDDEN, fields[i]) : RowMask.Column.scan(fields[i]);
        }
        ByteBuf frame = frame(DataRow.TYPE, columns, Arrays.copyOfRange(input, 1 + columns, input.length));
        Optional<DataRow> row = read(frame);
        ByteBuf instead = Unpooled.buffer();
        ByteBuf shown;
        try {
            int hidden = new RowMask(plan, MASKER).apply(frame, 0, frame.readableBytes(), () -> instead);
            assertThat(instead.isReadable()).isEqualTo(hidden > 0);
            shown = hidden > 0 ? instead : frame;
        } catch (Malformed e) {
            assertThat(row).isEmpty();
            assertThat(instead.isReadable()).isFalse();
            return;
        }
        List<byte @Nullable []> values = row.orElseThrow().values();
        List<byte @Nullable []> seen = read(shown).orElseThrow().values();
        for (int i = 0; i < columns; i++) {
            check(fields[i], plan[i].action(), values.get(i), seen.get(i));
        }
    }

    private static void check(
            Field field, RowMask.Column.Action action, byte @Nullable [] value, byte @Nullable [] seen) {
        if (value == null && action != RowMask.Column.Action.HIDE_NULL_TOO) {
            assertThat(seen).isNull();
            return;
        }
        switch (action) {
            case PASS -> assertThat(seen).isEqualTo(value);
            case NULL -> assertThat(seen).isNull();
            case HIDE, HIDE_NULL_TOO -> {
                assertThat(seen).isNotNull();
                assertThat(new String(seen, UTF_8)).contains(Masker.REDACTED).hasSizeLessThan(14);
            }
            case SCAN, SCAN_BYTES, SCAN_OPAQUE, SCAN_WITH_BYTES -> {
                if (seen != null && field.format() == 0 && !Arrays.equals(seen, value)) {
                    assertThat(new String(seen, UTF_8)).contains(Masker.REDACTED);
                }
                if (seen != null) {
                    int from =
                            field.type() == 3802 && field.format() == 1 ? Math.min(1, seen.length) : 0; // its version
                    String told = new String(seen, from, seen.length - from, UTF_8);
                    assertThat(MASKER.detects(told))
                            .as("something is found in %s, by %s", told, action)
                            .isFalse();
                }
            }
        }
    }

    /** @param input format and masks in one byte, then a server's line as it comes */
    @FuzzTest
    void copies(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean csv = (input[0] & 1) == 1;
        List<Optional<Mask>> masks = new ArrayList<>();
        for (int i = 0; i < MOST_COLUMNS; i++) {
            masks.add((input[0] >> 1 + i & 1) == 1 ? Optional.of(HIDDEN) : Optional.empty());
        }
        boolean byPlace = masks.stream().anyMatch(Optional::isPresent);
        byte[] rest = Arrays.copyOfRange(input, 1, input.length);
        copied(byPlace ? masks : List.of(), csv, rest);
        if (byPlace) {
            values(masks, csv, new String(rest, UTF_8));
        }
    }

    /** Values as a server writes them come out as they were, but for those that are hidden. */
    private static void values(List<Optional<Mask>> masks, boolean csv, String input) {
        List<String> values = new ArrayList<>(List.of(input.split("\0", MOST_COLUMNS)));
        while (values.size() < MOST_COLUMNS) {
            values.add("");
        }
        String shown = copied(masks, csv, line(values, csv).getBytes(UTF_8));
        if (values.stream().anyMatch(value -> value.contains("\\x"))) {
            return;
        }
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < MOST_COLUMNS; i++) {
            String value = values.get(i);
            String seen = masks.get(i).isPresent() ? Masker.REDACTED : MASKER.hideDetected(value);
            // What is changed is quoted, as a value that looked like NULL would have to be.
            expected.add(
                    !csv
                            ? CopyText.written(seen)
                            : seen.equals(value) ? quoted(value) : '"' + seen.replace("\"", "\"\"") + '"');
        }
        assertThat(shown).isEqualTo(String.join(csv ? "," : "\t", expected) + "\n");
    }

    /** As COPY writes it (CopyAttributeOutText, CopyAttributeOutCSV of copyto.c): what is empty is quoted, NULL is not. */
    private static String line(List<String> values, boolean csv) {
        return values.stream()
                .map(value -> csv ? quoted(value) : CopyText.written(value))
                .collect(Collectors.joining(csv ? "," : "\t", "", "\n"));
    }

    private static String quoted(String value) {
        return value.isEmpty() || value.chars().anyMatch(c -> "\",\r\n".indexOf(c) >= 0)
                ? '"' + value.replace("\"", "\"\"") + '"'
                : value;
    }

    private static String copied(List<Optional<Mask>> masks, boolean csv, byte[] line) {
        ByteBuf frame = PostgresCodec.encode(
                UnpooledByteBufAllocator.DEFAULT, (BackendMessage) new Opaque(Opaque.COPY_DATA, line));
        ByteBuf instead = Unpooled.buffer();
        boolean hidden = new CopyMask(MASKER, masks, csv, false).apply(frame, 0, frame.readableBytes(), () -> instead);
        assertThat(instead.isReadable()).isEqualTo(hidden);
        ByteBuf seen = hidden ? instead : frame;
        String text = seen.toString(PostgresCodec.HEADER, seen.readableBytes() - PostgresCodec.HEADER, UTF_8);
        assertThat(seen.getInt(1)).isEqualTo(seen.readableBytes() - 1);
        // By place, fields are looked at one by one: what two of them say together is not hidden.
        assertThat(masks.isEmpty() && MASKER.detects(text)).isFalse();
        frame.release();
        return text;
    }

    private static ByteBuf frame(byte type, int count, byte[] values) {
        return Unpooled.buffer()
                .writeByte(type)
                .writeInt(values.length + 6)
                .writeShort(count)
                .writeBytes(values);
    }

    private static Optional<DataRow> read(ByteBuf frame) {
        try {
            return Optional.of((DataRow) PostgresCodec.backend(frame, 0, frame.readableBytes()));
        } catch (Malformed e) {
            return Optional.empty();
        }
    }
}
