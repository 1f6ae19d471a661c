package io.countersign.postgres.split;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Values of the binary format (§5.2). */
final class Bytes {

    private Bytes() {}

    static final class Reader {

        private final byte[] bytes;
        private int position;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean more() {
            return position < bytes.length;
        }

        int position() {
            return position;
        }

        byte[] since(int start) {
            return Arrays.copyOfRange(bytes, start, position);
        }

        int u8() {
            return bytes[position++] & 255;
        }

        int u32() {
            return (int) leb128(false);
        }

        int s32() {
            return (int) leb128(true);
        }

        long leb128(boolean signed) {
            long value = 0;
            int shift = 0;
            int next;
            do {
                next = u8();
                value |= (long) (next & 127) << shift;
                shift += 7;
            } while (next >= 128);
            return signed && shift < 64 && (next & 64) != 0 ? value | (-1L << shift) : value;
        }

        byte[] take(int length) {
            position += length;
            return since(position - length);
        }

        byte[] rest() {
            return take(bytes.length - position);
        }

        /** A vector of single numbers. */
        List<Integer> numbers() {
            List<Integer> result = new ArrayList<>();
            for (int i = u32(); i > 0; i--) {
                result.add(u32());
            }
            return result;
        }

        void expect(int... values) {
            for (int value : values) {
                int found = u8();
                if (found != value) {
                    throw new IllegalStateException("byte " + found + " where " + value + " is expected");
                }
            }
        }
    }

    static final class Writer {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Writer u8(int value) {
            out.write(value);
            return this;
        }

        Writer u32(int value) {
            int rest = value;
            while (rest >>> 7 != 0) {
                out.write((rest & 127) | 128);
                rest >>>= 7;
            }
            return u8(rest);
        }

        Writer s32(int value) {
            int rest = value;
            while (rest < -64 || rest > 63) {
                out.write((rest & 127) | 128);
                rest >>= 7;
            }
            return u8(rest & 127);
        }

        Writer raw(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Writer numbers(List<Integer> values) {
            u32(values.size());
            values.forEach(this::u32);
            return this;
        }

        byte[] bytes() {
            return out.toByteArray();
        }
    }

    /** As memory holds it: little-endian. */
    static byte[] int32(int value) {
        return new byte[] {(byte) value, (byte) (value >>> 8), (byte) (value >>> 16), (byte) (value >>> 24)};
    }
}
