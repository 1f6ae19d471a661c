package io.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Arrays;

/** The bytes of JSON's texts, numbers and times (RFC 8259 sections 6 and 7) in one growing buffer, which is used again. */
final class JsonBytes {

    /** Bytes of a buffer that is new. */
    private static final int FIRST = 2048;

    /** Buffers above this many bytes are given back after use rather than kept by the thread. */
    private static final int KEPT = 64 * 1024;

    /** {@code \u005cu001f}: bytes of the longest form of one char. */
    private static final int LONGEST_CHAR = 6;

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] buffer = new byte[FIRST];
    private int size;

    /** Starts over. */
    void reset() {
        if (buffer.length > KEPT) {
            buffer = new byte[FIRST];
        }
        size = 0;
    }

    int size() {
        return size;
    }

    /** A copy of what was written from there on. */
    byte[] from(int start) {
        return Arrays.copyOfRange(buffer, start, size);
    }

    /** What was written before. */
    void raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    /** A text between quotes. */
    void string(String value) {
        int length = value.length();
        ensure(length + LONGEST_CHAR + 2L);
        byte[] to = buffer;
        int at = size;
        to[at++] = '"';
        for (int i = 0; i < length; i++) {
            if (to.length - at <= LONGEST_CHAR) {
                size = at;
                ensure(length - i + LONGEST_CHAR + 2L);
                to = buffer;
            }
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7f) {
                if (c == '"' || c == '\\') {
                    to[at++] = '\\';
                }
                to[at++] = (byte) c;
            } else if (c < 0x20) {
                at = control(to, at, c);
            } else if (c < 0x80) {
                to[at++] = (byte) c;
            } else if (c < 0x800) {
                to[at++] = (byte) (0xc0 | c >> 6);
                to[at++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate(c)) {
                to[at++] = (byte) (0xe0 | c >> 12);
                to[at++] = (byte) (0x80 | c >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | c & 0x3f);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < length
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                int point = Character.toCodePoint(c, value.charAt(++i));
                to[at++] = (byte) (0xf0 | point >> 18);
                to[at++] = (byte) (0x80 | point >> 12 & 0x3f);
                to[at++] = (byte) (0x80 | point >> 6 & 0x3f);
                to[at++] = (byte) (0x80 | point & 0x3f);
            } else {
                // Half a pair has no UTF-8 form; escaped, it stays what it was.
                at = escaped(to, at, c);
            }
        }
        to[at++] = '"';
        size = at;
    }

    private static int control(byte[] to, int at, char c) {
        int letter = switch (c) {
            case '\b' -> 'b';
            case '\t' -> 't';
            case '\n' -> 'n';
            case '\f' -> 'f';
            case '\r' -> 'r';
            default -> 0;
        };
        if (letter == 0) {
            return escaped(to, at, c);
        }
        to[at] = '\\';
        to[at + 1] = (byte) letter;
        return at + 2;
    }

    private static int escaped(byte[] to, int at, char c) {
        to[at] = '\\';
        to[at + 1] = 'u';
        to[at + 2] = HEX[c >> 12];
        to[at + 3] = HEX[c >> 8 & 0xf];
        to[at + 4] = HEX[c >> 4 & 0xf];
        to[at + 5] = HEX[c & 0xf];
        return at + 6;
    }

    void digits(long value) {
        ascii(Long.toString(value));
    }

    /** Cut to microseconds. */
    void instant(Instant value) {
        long second = value.getEpochSecond();
        LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(second, 86_400L));
        int inDay = (int) Math.floorMod(second, 86_400L);
        if (day.getYear() < 0 || day.getYear() > 9999) {
            ascii(value.atOffset(ZoneOffset.UTC).toString());
            return;
        }
        padded(day.getYear(), 4);
        put('-');
        padded(day.getMonthValue(), 2);
        put('-');
        padded(day.getDayOfMonth(), 2);
        put('T');
        padded(inDay / 3600, 2);
        put(':');
        padded(inDay / 60 % 60, 2);
        put(':');
        padded(inDay % 60, 2);
        put('.');
        padded(value.get(ChronoField.MICRO_OF_SECOND), 6);
        put('Z');
    }

    private void padded(int value, int width) {
        ensure(width);
        for (int i = width - 1; i >= 0; i--) {
            buffer[size + i] = (byte) ('0' + value % 10);
            value /= 10;
        }
        size += width;
    }

    void ascii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    void put(char c) {
        ensure(1);
        buffer[size++] = (byte) c;
    }

    private void ensure(long more) {
        if (size + more > buffer.length) {
            long doubled = Math.max(size + more, buffer.length * 2L);
            buffer = Arrays.copyOf(buffer, Math.toIntExact(Math.min(doubled, Integer.MAX_VALUE - 8)));
        }
    }
}
