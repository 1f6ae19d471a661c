package io.countersign.postgres.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Bytes that must be UTF-8 (RFC 3629), as text. */
public final class Utf8 {

    /** What a decoder that does not complain makes of other bytes; a text may also have it of its own. */
    private static final char REPLACEMENT = '\uFFFD';

    private Utf8() {}

    public static String decode(byte[] bytes) throws CharacterCodingException {
        return decode(bytes, 0, bytes.length);
    }

    /** @throws CharacterCodingException where they are no UTF-8 */
    public static String decode(byte[] bytes, int from, int length) throws CharacterCodingException {
        // The JDK's quickest way does not complain.
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) < 0) {
            return text;
        }
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, from, length))
                .toString();
    }
}
