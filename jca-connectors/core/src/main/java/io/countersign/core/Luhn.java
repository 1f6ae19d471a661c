package io.countersign.core;

/**
 * Numbers with a check digit by Luhn (ISO/IEC 7812-1 annex B), alone or in groups that one kind of separator keeps apart, a
 * space or a hyphen; the longest from each group on. Finds its way through a whole text by itself.
 *
 * @param fewest digits
 * @param most   digits
 */
record Luhn(int fewest, int most) implements Check {

    @Override
    public void parts(CharSequence text, int from, int to, Parts parts) {
        int at = digits(text, from, to);
        while (at < to) {
            int end = end(text, at, to);
            if (end > 0) {
                parts.add(at, end);
                at = end;
            } else {
                at = groupEnd(text, at, to);
            }
            at = digits(text, at, to);
        }
    }

    private static int digits(CharSequence text, int from, int to) {
        int at = from;
        while (at < to && !digit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** The end of the longest number that starts with the group of digits here, or -1. */
    private int end(CharSequence text, int start, int to) {
        int best = -1;
        int digits = 0;
        // The sum if the number ended here, and the sum if one more digit came: every second digit from the right
        // counts twice.
        int sum = 0;
        int shifted = 0;
        boolean allZero = true;
        char separator = 0;
        for (int i = start; i < to; i++) {
            char c = text.charAt(i);
            if (digit(c)) {
                if (++digits > most) {
                    return best;
                }
                int value = c - '0';
                int before = shifted;
                shifted = sum + (value > 4 ? value * 2 - 9 : value * 2);
                sum = before + value;
                allZero &= value == 0;
                boolean last = i + 1 == to || !digit(text.charAt(i + 1));
                if (last && digits >= fewest && sum % 10 == 0 && !allZero) {
                    best = i + 1;
                }
            } else if (separator != 0 ? c != separator : c != ' ' && c != '-') {
                return best;
            } else if (i + 1 == to || !digit(text.charAt(i + 1))) {
                return best;
            } else {
                separator = c;
            }
        }
        return best;
    }

    private static int groupEnd(CharSequence text, int from, int to) {
        int end = from;
        while (end < to && digit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
