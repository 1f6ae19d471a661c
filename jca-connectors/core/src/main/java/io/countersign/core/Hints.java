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

    private static final byte OTHER = 0;
    private static final byte DIGIT = 1;
    private static final byte JOINER = 2;
    private static final byte HEXADECIMAL = 3;
    private static final byte COLON = 4;

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

    private final byte[] kinds = new byte[128];
    private final Shape[][] shapes = new Shape[128][];
    private final long[] forDigits = new long[MOST + 1];
    private final long[] forColons = new long[MOST + 1];

    /** Bit n of an answer stands for the n-th form here. */
    Hints(List<Form> forms) {
        if (forms.size() > MOST_FORMS) {
            throw new IllegalArgumentException("there are " + forms.size() + " forms, at most " + MOST_FORMS + " fit");
        }
        for (int c = 0; c < kinds.length; c++) {
            kinds[c] = kind((char) c);
            byte met = (byte) c;
            List<Shape> here = new ArrayList<>();
            for (int form = 0; form < forms.size(); form++) {
                for (String need : forms.get(form).needs()) {
                    if (!need.startsWith(DIGITS)
                            && !need.startsWith(COLONS)
                            && stands(need.charAt(rarest(need)), met)) {
                        here.add(new Shape(need, rarest(need), 1L << form));
                    }
                }
            }
            shapes[c] = here.toArray(Shape[]::new);
        }
        for (int form = 0; form < forms.size(); form++) {
            for (String need : forms.get(form).needs()) {
                if (need.startsWith(DIGITS)) {
                    forDigits[Integer.parseInt(need.substring(DIGITS.length()))] |= 1L << form;
                } else if (need.startsWith(COLONS)) {
                    forColons[Integer.parseInt(need.substring(COLONS.length()))] |= 1L << form;
                }
            }
        }
    }

    private static byte kind(char c) {
        if (Luhn.digit(c)) {
            return DIGIT;
        }
        return c == ':' ? COLON : JOINERS.indexOf(c) >= 0 ? JOINER : Character.digit(c, 16) >= 0 ? HEXADECIMAL : OTHER;
    }

    /** Whether any form is possible. */
    boolean any(byte[] utf8, int from, int to) {
        return look(utf8, from, to, true) != 0;
    }

    /** Which forms are possible. */
    long all(byte[] utf8, int from, int to) {
        return look(utf8, from, to, false);
    }

    private long look(byte[] bytes, int from, int to, boolean one) {
        long found = 0;
        int digits = 0;
        int colons = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b < 0) {
                digits = 0;
                colons = 0;
                continue;
            }
            switch (kinds[b]) {
                case DIGIT -> {
                    digits = Math.min(digits + 1, MOST);
                    found |= forDigits[digits];
                }
                case COLON -> {
                    digits = 0;
                    colons = Math.min(colons + 1, MOST);
                    found |= forColons[colons];
                }
                case HEXADECIMAL -> digits = 0;
                case JOINER -> colons = 0;
                default -> {
                    digits = 0;
                    colons = 0;
                }
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
