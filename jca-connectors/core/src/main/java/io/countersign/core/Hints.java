package io.countersign.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
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

    /**
     * What a form may ask for, character by character.
     *
     * @param last the place of the last character of the pair that is seldom met, where a look at the others begins; that of the
     *     one character where there are no two
     */
    private record Shape(String shape, int last, long forms) {

        boolean at(byte[] bytes, int seen, int from, int to) {
            int start = seen - last;
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

        /** Whether a byte may be the pair's first. */
        boolean first(byte b) {
            return shape.length() == 1 || stands(shape.charAt(last - 1), b);
        }

        boolean second(byte b) {
            return stands(second(), b);
        }

        /** Whether it stands for nothing but itself. */
        boolean plain() {
            return "#^&~".indexOf(second()) < 0;
        }

        char second() {
            return shape.charAt(last);
        }
    }

    /** Pairs that can be told apart by one look, by what their second is. */
    private static final int LANES = 32;

    private static final long SECOND = (1L << LANES) - 1;

    private static final Shape[] NONE = {};

    /**
     * For each byte, one bit for each kind of pair whose second it may be, and in the upper half one for each whose first it may
     * be: two bytes that are such a pair, or a colon that counts, have a bit in common.
     */
    private final long[] pairs = new long[256];

    /** For each byte, whether it may stand in a run of digits. */
    private final boolean[] inRun = new boolean[256];

    /** By the second byte of the pair. */
    private final Shape[][] shapes = new Shape[128][];

    /** What so many digits, or fewer, are enough for. */
    private final long[] forDigits = new long[MOST + 1];

    private final long[] forColons = new long[MOST + 1];

    /** Digits that a run must have to matter at all; beyond any text where none does. */
    private final int leastDigits;

    /** Stops at a backslash too: bytes may stand behind it as digits. */
    private final Sieve sieve;

    /** Whether the sieve knows all that shapes need, so that pairs need not be looked for. */
    private final boolean few;

    /** Bit n of an answer stands for the n-th form here. */
    Hints(List<Form> forms) {
        if (forms.size() > MOST_FORMS) {
            throw new IllegalArgumentException("there are " + forms.size() + " forms, at most " + MOST_FORMS + " fit");
        }
        List<Shape> all = new ArrayList<>();
        for (int form = 0; form < forms.size(); form++) {
            for (String need : forms.get(form).needs()) {
                if (need.startsWith(DIGITS)) {
                    forDigits[Integer.parseInt(need.substring(DIGITS.length()))] |= 1L << form;
                } else if (need.startsWith(COLONS)) {
                    forColons[Integer.parseInt(need.substring(COLONS.length()))] |= 1L << form;
                    // None of its own: it is there so that each colon is noticed.
                    all.add(new Shape(":", 0, 0));
                } else {
                    all.add(new Shape(need, last(need), 1L << form));
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
            byte b = (byte) c;
            shapes[c] = all.stream().filter(shape -> shape.second(b)).toArray(Shape[]::new);
            inRun[c] = Luhn.digit((char) c) || JOINERS.indexOf(c) >= 0;
        }
        notice(all);
        String single = all.stream().map(Shape::shape).distinct().collect(Collectors.joining());
        few = all.stream().allMatch(shape -> shape.shape().length() == 1 && shape.plain())
                && single.length() < Sieve.MOST;
        sieve = new Sieve(few ? '\\' + single : "\\", leastDigits);
    }

    /** Gives each kind of pair a bit of its own, as long as there are any; then some share one. */
    private void notice(List<Shape> all) {
        List<Character> seconds = all.stream().map(Shape::second).distinct().toList();
        for (Shape shape : all) {
            long lane = 1L << seconds.indexOf(shape.second()) % LANES;
            for (int c = 0; c < pairs.length; c++) {
                pairs[c] |= (shape.second((byte) c) ? lane : 0) | (shape.first((byte) c) ? lane << LANES : 0);
            }
        }
    }

    /** Which forms are possible. */
    long all(byte[] utf8, int from, int to) {
        int first = few ? next(utf8, from, to) : from;
        return first == to ? 0 : digits(utf8, from, to) | seen(utf8, from, Math.max(first, from), to);
    }

    /**
     * Passes over many values, with whatever stands between them, at once.
     *
     * @return a place; whatever ends there, or before, has no form, nor bytes as digits behind a backslash
     */
    int next(byte[] utf8, int from, int to) {
        return sieve.next(utf8, from, few ? to : notice(utf8, from, from, to));
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
    private long seen(byte[] bytes, int from, int first, int to) {
        long found = 0;
        int colons = 0;
        int lastColon = from - 1;
        for (int i = notice(bytes, from, first, to); i < to; i = notice(bytes, from, i + 1, to)) {
            byte b = bytes[i];
            if (b == ':') {
                colons = hexadecimal(bytes, lastColon + 1, i) ? Math.min(colons + 1, MOST) : 1;
                lastColon = i;
                found |= forColons[colons];
            }
            // A byte beyond ASCII is in no shape, but may share a bit with one that is.
            for (Shape shape : b < 0 ? NONE : shapes[b]) {
                if ((found & shape.forms) != shape.forms && shape.at(bytes, i, from, to)) {
                    found |= shape.forms;
                }
            }
        }
        return found;
    }

    /** The next place at which something may be seen, because a pair ends there; several at a time, as there is seldom one. */
    private int notice(byte[] bytes, int from, int next, int to) {
        int i = next;
        long before = i == from ? SECOND : pairs[bytes[i - 1] & 0xff] >>> LANES;
        while (to - i >= 4) {
            long a = pairs[bytes[i] & 0xff];
            long b = pairs[bytes[i + 1] & 0xff];
            long c = pairs[bytes[i + 2] & 0xff];
            long d = pairs[bytes[i + 3] & 0xff];
            if (((before & a | a >>> LANES & b | b >>> LANES & c | c >>> LANES & d) & SECOND) != 0) {
                break;
            }
            before = d >>> LANES;
            i += 4;
        }
        while (i < to) {
            long pair = pairs[bytes[i] & 0xff];
            if ((before & pair & SECOND) != 0) {
                break;
            }
            before = pair >>> LANES;
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

    private static int last(String shape) {
        return IntStream.range(Math.min(1, shape.length() - 1), shape.length())
                .boxed()
                .min(Comparator.comparingDouble(at -> frequency(shape, at) * frequency(shape, at - 1)))
                .orElseThrow();
    }

    /** How many bytes of a hundred are such, a guess, which only decides how fast a look is. */
    private static double frequency(String shape, int at) {
        char c = at < 0 ? '*' : shape.charAt(at);
        return switch (c) {
            case '*' -> 100;
            case '&' -> 30;
            case '~', '#' -> 15;
            case '^' -> 4;
            case '-' -> 2;
            default -> "jkqvxzJKQVXZ_".indexOf(c) >= 0 ? 0.2 : Character.isLowerCase(c) ? 4 : 0.5;
        };
    }
}
