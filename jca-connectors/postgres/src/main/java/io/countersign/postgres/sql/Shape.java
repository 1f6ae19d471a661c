package io.countersign.postgres.sql;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A parse tree without the whole numbers that constants are, and without the places where things stand: texts that differ in
 * nothing else have equal ones. PostgreSQL's own parser has read each of the texts before.
 *
 * <p>What is read from it can depend on nothing that is left out: {@link Node#number} throws {@link Unsaid} then, and the whole
 * tree must be read instead.
 */
final class Shape implements Comparable<Shape> {

    /** As no number is written that C prints. */
    static final String LEFT_OUT = "-0";

    /** Of the tree; longer ones are seldom met again. */
    private static final int LONGEST = 32 * 1024;

    private static final byte[] LEFT_OUT_BYTES = ascii(LEFT_OUT);

    /** A quotation mark inside a string has a backslash before it, so this is a key wherever it stands. */
    private static final byte[] CONSTANT = ascii("\"ival\":");

    private static final byte[] PLACE = ascii("\"location\":");

    private final byte[] json;
    private final int length;
    private final int hash;

    private Shape(byte[] json, int length) {
        this.json = json;
        this.length = length;
        this.hash = 31 * Arrays.hashCode(json) + length;
    }

    /**
     * Null where the tree is too long to be looked for.
     *
     * @param tree   as the parser writes it
     * @param length of the text, in bytes: where the last statement ends
     */
    static @Nullable Shape of(byte[] tree, int length) {
        if (tree.length > LONGEST) {
            return null;
        }
        byte[] shape = new byte[tree.length + tree.length / CONSTANT.length + 1];
        int at = 0;
        for (int i = 0; i < tree.length; ) {
            byte one = tree[i++];
            shape[at++] = one;
            if (one == ':'
                    && i < tree.length
                    && numeric(tree[i])
                    && (ends(tree, i, CONSTANT) || ends(tree, i, PLACE))) {
                while (i < tree.length && numeric(tree[i])) {
                    i++;
                }
                System.arraycopy(LEFT_OUT_BYTES, 0, shape, at, LEFT_OUT_BYTES.length);
                at += LEFT_OUT_BYTES.length;
            }
        }
        return new Shape(Arrays.copyOf(shape, at), length);
    }

    /** @throws IOException if it is nested too deeply */
    Node tree() throws IOException {
        return Node.read(json);
    }

    /** Of the text, in bytes. */
    int length() {
        return length;
    }

    int bytes() {
        return json.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Shape shape && length == shape.length && Arrays.equals(json, shape.json);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** So that equal hashes, which can be made on purpose, do not make a search slow. */
    @Override
    public int compareTo(Shape other) {
        int bytes = Arrays.compare(json, other.json);
        return bytes == 0 ? Integer.compare(length, other.length) : bytes;
    }

    private static boolean numeric(byte digit) {
        return digit >= '0' && digit <= '9' || digit == '-';
    }

    private static boolean ends(byte[] text, int end, byte[] with) {
        return end >= with.length && Arrays.equals(text, end - with.length, end, with, 0, with.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** What was asked for is left out of a shape. */
    static final class Unsaid extends RuntimeException {

        Unsaid() {
            super(null, null, false, false);
        }
    }
}
