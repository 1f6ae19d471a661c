package io.countersign.postgres;

import io.countersign.core.Masker;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Hides bytes that stand in a text as digits (8.4.1 "bytea Hex Format"): no detector would find in those what they mean. Arrays,
 * rows, JSON and COPY put one or two backslashes before them.
 */
final class HexBytes {

    private static final Pattern BYTES = Pattern.compile("\\\\{1,4}x((?:[0-9a-f]{2})++)");

    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long ONES = 0x0101010101010101L;

    private HexBytes() {}

    /** Whether any such bytes may stand in a text; where not, {@link Masker#hideDetected} does as well. */
    static boolean mayStandIn(byte[] utf8, int from, int to) {
        int i = from;
        while (true) {
            // Eight at a time: a byte that becomes 0 borrows from its highest bit.
            while (to - i >= Long.BYTES) {
                long others = (long) EIGHT.get(utf8, i) ^ ONES * '\\';
                if ((others - ONES & ~others & ONES << 7) != 0) {
                    break;
                }
                i += Long.BYTES;
            }
            int block = Math.min(i + Long.BYTES, to);
            for (; i < block; i++) {
                if (utf8[i] == '\\' && i + 1 < to && utf8[i + 1] == 'x') {
                    return true;
                }
            }
            if (i == to) {
                return false;
            }
        }
    }

    /** The text with what a detector finds in it, as it stands or as bytes, hidden; null where a mask says so. */
    static @Nullable String hideDetected(String text, Masker masker) {
        return masker.hideDetected(
                text.contains("\\x")
                        ? BYTES.matcher(text)
                                .replaceAll(found -> Matcher.quoteReplacement(
                                        detected(found.group(1), masker) ? Masker.REDACTED : found.group()))
                        : text);
    }

    /** Whether a detector finds something in them; what are no digits may mean anything, and counts as found. */
    static boolean detected(String digits, Masker masker) {
        byte[] meant;
        try {
            meant = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            return true;
        }
        return masker.detects(meant, 0, meant.length);
    }
}
