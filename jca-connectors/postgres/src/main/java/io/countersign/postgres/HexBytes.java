package io.countersign.postgres;

import io.countersign.core.Masker;
import java.nio.charset.StandardCharsets;
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

    private HexBytes() {}

    /** The text with what a detector finds in it, as it stands or as bytes, hidden; null where a mask says so. */
    static @Nullable String hideDetected(String text, Masker masker) {
        String shown = text.contains("\\x")
                ? BYTES.matcher(text)
                        .replaceAll(found -> Matcher.quoteReplacement(
                                detected(found.group(1), masker) ? Masker.REDACTED : found.group()))
                : text;
        return masker.hideDetected(shown);
    }

    /** Whether a detector finds something in them; what are no digits may mean anything, and counts as found. */
    static boolean detected(String digits, Masker masker) {
        byte[] meant;
        try {
            meant = HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            return true;
        }
        return masker.detects(new String(meant, StandardCharsets.ISO_8859_1));
    }
}
