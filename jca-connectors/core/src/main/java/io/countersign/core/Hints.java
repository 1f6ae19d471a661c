package io.countersign.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tells from one look at each byte which forms a text in UTF-8 could hold: cheap, and never wrongly no. The forms' needs say
 * what to look for ({@code detectors.txt}).
 */
final class Hints {

    private static final String DIGITS = "digits:";
    private static final String COLONS = "colons:";

    /** Forms in one set. */
    private static final int MOST_FORMS = 64;

    /** Digits or colons in a row that a form may ask for. */
    private static final int MOST = 64;

    /** May stand between digits that belong together. */
    private static final String JOINERS = " .-/()";

    /** @param rarest the place in the shape whose byte is seldom met, where a look at the others begins */
    private record Shape(String shape, int rarest, long forms) {

        boolean at(byte[] bytes, int seen, int from, int to) {
            int start = seen - rarest;
            if (start < from || start + shape.length() > to) {
                return false;
            }
            for (int i = 0; i < shape.length(); i++) {
                if (!stands(shape.charAt(i), bytes[start + i])) {
                    return false;
                }
            }
            return true;
        }
    }

    /** For each byte, not 0 where something may be seen: the rarest of a shape, or a colon that counts. */
    private final byte[] noticed = new byte[256];

    /** For each byte, whether it may stand in a run of digits. */
    private final boolean[] inRun = new boolean[256];

    private final Shape[][] shapes = new Shape[128][];

    /** What so many digits, or fewer, are enough for. */
    private final long[] forDigits = new long[MOST + 1];

    private final long[] forColons = new long[MOST + 1];

    /** Digits that a run must have to matter at all; beyond any text where none does. */
    private final int leastDigits;

    /** Bit n of an answer stands for the n-th form here. */
    Hints(List<Form> forms) {
        if (forms.size() > MOST_FORMS) {
            throw new IllegalArgumentException("there are " + forms.size() + " forms, at most " + MOST_FORMS + " fit");
        }
        for (int form = 0; form < forms.size(); form++) {
            for (String need : forms.get(form).needs()) {
                if (need.startsWith(DIGITS)) {
                    forDigits[Integer.parseInt(need.substring(DIGITS.length()))] |= 1L << form;
                } else if (need.startsWith(COLONS)) {
                    forColons[Integer.parseInt(need.substring(COLONS.length()))] |= 1L << form;
                    noticed[':'] = 1;
                }
            }
        }
        int least = 1;
        while (least <= MOST && forDigits[least] == 0) {
            least++;
        }
        leastDigits = least <= MOST ? least : Integer.MAX_VALUE;
        for (int digits = 1; digits <= MOST; digits++) {
            forDigits[digits] |= forDigits[digits - 1];
        }
        for (int c = 0; c < shapes.length; c++) {
            shapes[c] = shapes(forms, (byte) c);
            if (shapes[c].length > 0) {
                noticed[c] = 1;
            }
            inRun[c] = Luhn.digit((char) c) || JOINERS.indexOf(c) >= 0;
        }
    }

    /** The shapes of which this byte is the rarest. */
    private static Shape[] shapes(List<Form> forms, byte met) {
        List<Shape> here = new ArrayList<>();
        for (int form = 0; form < forms.size(); form++) {
            for (String need : forms.get(form).needs()) {
                if (!need.startsWith(DIGITS) && !need.startsWith(COLONS) && stands(need.charAt(rarest(need)), met)) {
                    here.add(new Shape(need, rarest(need), 1L << form));
                }
            }
        }
        return here.toArray(Shape[]::new);
    }

    /** Whether any form is possible. */
    boolean any(byte[] utf8, int from, int to) {
        return digits(utf8, from, to) != 0 || seen(utf8, from, to, true) != 0;
    }

    /** Which forms are possible. */
    long all(byte[] utf8, int from, int to) {
        return digits(utf8, from, to) | seen(utf8, from, to, false);
    }

    /**
     * What the runs of digits are enough for. A run that matters covers so many bytes: looking at the last of them first,
     * most bytes of most texts are never looked at.
     */
    private long digits(byte[] bytes, int from, int to) {
        long found = 0;
        int start = from;
        while (to - start >= leastDigits) {
            int at = start + leastDigits - 1;
            while (at >= start && inRun[bytes[at] & 0xff]) {
                at--;
            }
            if (at < start) {
                int digits = 0;
                for (at = start; at < to && inRun[bytes[at] & 0xff]; at++) {
                    if (Luhn.digit((char) bytes[at])) {
                        digits++;
                    }
                }
                found |= forDigits[Math.min(digits, MOST)];
            }
            start = at + 1;
        }
        return found;
    }

    /** What shapes and colons are enough for. */
    private long seen(byte[] bytes, int from, int to, boolean one) {
        long found = 0;
        int colons = 0;
        int lastColon = from - 1;
        for (int i = notice(bytes, from, to); i < to; i = notice(bytes, i + 1, to)) {
            byte b = bytes[i];
            if (b == ':') {
                colons = hexadecimal(bytes, lastColon + 1, i) ? Math.min(colons + 1, MOST) : 1;
                lastColon = i;
                found |= forColons[colons];
            }
            for (Shape shape : shapes[b]) {
                if ((found & shape.forms) != shape.forms && shape.at(bytes, i, from, to)) {
                    found |= shape.forms;
                }
            }
            if (one && found != 0) {
                return found;
            }
        }
        return found;
    }

    /** The next byte at which something may be seen; several at a time, because there is seldom one. */
    private int notice(byte[] bytes, int from, int to) {
        int i = from;
        while (to - i >= 4
                && (noticed[bytes[i] & 0xff]
                                | noticed[bytes[i + 1] & 0xff]
                                | noticed[bytes[i + 2] & 0xff]
                                | noticed[bytes[i + 3] & 0xff])
                        == 0) {
            i += 4;
        }
        while (i < to && noticed[bytes[i] & 0xff] == 0) {
            i++;
        }
        return i;
    }

    private static boolean hexadecimal(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!stands('&', bytes[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean stands(char shape, byte b) {
        return switch (shape) {
            case '#' -> b >= '0' && b <= '9';
            case '^' -> b >= 'A' && b <= 'Z';
            case '&' -> b >= 0 && Character.digit(b, 16) >= 0;
            case '~' -> b == ' ';
            default -> b == shape;
        };
    }

    private static int rarest(String shape) {
        return IntStream.range(0, shape.length())
                .boxed()
                .min((a, b) -> Integer.compare(frequency(shape.charAt(a)), frequency(shape.charAt(b))))
                .orElseThrow();
    }

    /** A guess, which only decides how fast a look is. */
    private static int frequency(char shape) {
        return switch (shape) {
            case '&' -> 4;
            case '~', '#' -> 3;
            case '^', '-' -> 2;
            default ->
                Character.isLowerCase(shape) || Luhn.digit(shape) ? 3 : "jkqvxzJKQVXZ_".indexOf(shape) >= 0 ? 0 : 1;
        };
    }
}
