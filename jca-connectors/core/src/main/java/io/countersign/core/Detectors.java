package io.countersign.core;

import io.countersign.api.Mask.Detector;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Finds what must be hidden by its form, anywhere inside a text. */
final class Detectors {

    /** ISO/IEC 7812-1: an identification number has at most 19 digits; issued ones have 13 or more. */
    private static final int FEWEST_DIGITS = 13;

    private static final int MOST_DIGITS = 19;

    /** RFC 5322 §3.2.3 {@code atext}, beyond letters and digits. */
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    /** A stretch of the text, from inclusive to exclusive. */
    record Found(int from, int to) {}

    private Detectors() {}

    /** In order, not overlapping. */
    static List<Found> find(Set<Detector> detectors, CharSequence text) {
        List<Found> found = new ArrayList<>();
        if (detectors.contains(Detector.PAYMENT_CARD)) {
            cards(text, found);
        }
        if (detectors.contains(Detector.EMAIL)) {
            addresses(text, found);
        }
        found.sort((a, b) -> Integer.compare(a.from, b.from));
        for (int i = found.size() - 1; i > 0; i--) {
            Found one = found.get(i);
            Found before = found.get(i - 1);
            if (one.from < before.to) {
                found.set(i - 1, new Found(before.from, Math.max(before.to, one.to)));
                found.remove(i);
            }
        }
        return found;
    }

    /** Whether bytes in UTF-8 could hold anything to find: cheap, and never wrongly no. */
    static boolean possible(byte[] bytes, int from, int to) {
        int digits = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '@') {
                return true;
            }
            if (b >= '0' && b <= '9') {
                if (++digits >= FEWEST_DIGITS) {
                    return true;
                }
            } else if (b != ' ' && b != '-') {
                digits = 0;
            }
        }
        return false;
    }

    private static void cards(CharSequence text, List<Found> found) {
        int i = 0;
        while (i < text.length()) {
            if (!digit(text.charAt(i))) {
                i++;
                continue;
            }
            int end = cardFrom(text, i);
            if (end > 0) {
                found.add(new Found(i, end));
                i = end;
            } else {
                i = groupEnd(text, i);
            }
        }
    }

    /** The end of the longest card number that starts with the group of digits here, or -1. */
    private static int cardFrom(CharSequence text, int start) {
        int best = -1;
        int digits = 0;
        char separator = 0;
        int group = start;
        while (digits <= MOST_DIGITS) {
            int end = groupEnd(text, group);
            digits += end - group;
            if (digits >= FEWEST_DIGITS && digits <= MOST_DIGITS && luhn(text, start, end)) {
                best = end;
            }
            if (end + 1 >= text.length() || !digit(text.charAt(end + 1))) {
                return best;
            }
            char next = text.charAt(end);
            if (next != ' ' && next != '-' || separator != 0 && next != separator) {
                return best;
            }
            separator = next;
            group = end + 1;
        }
        return best;
    }

    private static int groupEnd(CharSequence text, int from) {
        int end = from;
        while (end < text.length() && digit(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** ISO/IEC 7812-1 annex B: from the right, every second digit counts twice, and the sum ends in 0. */
    private static boolean luhn(CharSequence text, int from, int to) {
        int sum = 0;
        boolean twice = false;
        boolean allZero = true;
        for (int i = to - 1; i >= from; i--) {
            char c = text.charAt(i);
            if (!digit(c)) {
                continue;
            }
            int value = c - '0';
            allZero &= value == 0;
            if (twice) {
                value = value > 4 ? value * 2 - 9 : value * 2;
            }
            sum += value;
            twice = !twice;
        }
        return sum % 10 == 0 && !allZero;
    }

    /** RFC 5322 §3.4.1: dot-atom "@" dot-atom; domain labels as in RFC 1035 §2.3.1, other scripts allowed (RFC 6531). */
    private static void addresses(CharSequence text, List<Found> found) {
        for (int at = 1; at < text.length() - 1; at++) {
            if (text.charAt(at) != '@') {
                continue;
            }
            int from = at;
            while (from > 0 && (local(text.charAt(from - 1)) || text.charAt(from - 1) == '.')) {
                from--;
            }
            while (from < at && text.charAt(from) == '.') {
                from++;
            }
            int to = domainEnd(text, at + 1);
            if (from < at && to > at + 1 && text.charAt(at - 1) != '.') {
                found.add(new Found(from, to));
                at = to - 1;
            }
        }
    }

    private static int domainEnd(CharSequence text, int from) {
        int end = from;
        while (end < text.length()) {
            char c = text.charAt(end);
            boolean inner = c == '-' || c == '.';
            if (!Character.isLetterOrDigit(c) && !inner || inner && (end == from || text.charAt(end - 1) == '.')) {
                break;
            }
            end++;
        }
        while (end > from && !Character.isLetterOrDigit(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean local(char c) {
        return Character.isLetterOrDigit(c) || Character.isSurrogate(c) || ATEXT.indexOf(c) >= 0;
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
