package io.countersign.core;

/** RFC 5322 §3.4.1: dot-atom "@" dot-atom; domain labels as in RFC 1035 §2.3.1, other scripts allowed (RFC 6531). */
final class Addresses {

    /** RFC 5322 §3.2.3 {@code atext}, beyond letters and digits. */
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    private Addresses() {}

    /** The check of that name ({@link Check#named}). */
    static void parts(CharSequence text, int from, int to, Check.Parts parts) {
        int free = from;
        for (int at = from + 1; at < to - 1; at++) {
            if (text.charAt(at) != '@') {
                continue;
            }
            int start = at;
            while (start > free && (local(text.charAt(start - 1)) || text.charAt(start - 1) == '.')) {
                start--;
            }
            while (start < at && text.charAt(start) == '.') {
                start++;
            }
            int end = domainEnd(text, at + 1, to);
            boolean found = start < at && end > at + 1 && text.charAt(at - 1) != '.';
            if (found) {
                parts.add(start, end);
            }
            // What follows may be a local part again only behind what was read: nothing is read a third time.
            free = found ? end : at + 1;
            at = Math.max(at, free - 1);
        }
    }

    private static int domainEnd(CharSequence text, int from, int to) {
        int end = from;
        while (end < to) {
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
}
