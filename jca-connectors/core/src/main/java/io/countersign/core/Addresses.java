package io.countersign.core;

/** RFC 5322 §3.4.1: dot-atom "@" dot-atom; domain labels as in RFC 1035 §2.3.1, other scripts allowed (RFC 6531). */
final class Addresses {

    /** RFC 5322 §3.2.3 {@code atext}, beyond letters and digits. */
    private static final String ATEXT = "!#$%&'*+-/=?^_`{|}~";

    /** For each character of ASCII, whether it may stand in a local part, and in a domain's label. */
    private static final boolean[] LOCAL = new boolean[128];

    private static final boolean[] LABEL = new boolean[128];

    static {
        for (char c = 0; c < LOCAL.length; c++) {
            LABEL[c] = Character.isLetterOrDigit(c);
            LOCAL[c] = LABEL[c] || ATEXT.indexOf(c) >= 0;
        }
    }

    private Addresses() {}

    /** The check of that name ({@link Check#named}). */
    static void parts(CharSequence text, int from, int to, Check.Parts parts) {
        int free = from;
        for (int at = sign(text, from + 1, to - 1); at < to - 1; at = sign(text, at + 1, to - 1)) {
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

    /** The next sign that may stand between the two parts, or where there is none the end. */
    private static int sign(CharSequence text, int from, int to) {
        if (text instanceof String string) {
            int at = string.indexOf('@', from);
            return at < 0 || at > to ? to : at;
        }
        int at = from;
        while (at < to && text.charAt(at) != '@') {
            at++;
        }
        return at;
    }

    private static int domainEnd(CharSequence text, int from, int to) {
        int end = from;
        while (end < to) {
            char c = text.charAt(end);
            boolean inner = c == '-' || c == '.';
            if (!label(c) && !inner || inner && (end == from || text.charAt(end - 1) == '.')) {
                break;
            }
            end++;
        }
        while (end > from && !label(text.charAt(end - 1))) {
            end--;
        }
        return end;
    }

    private static boolean local(char c) {
        return c < LOCAL.length ? LOCAL[c] : Character.isLetterOrDigit(c) || Character.isSurrogate(c);
    }

    private static boolean label(char c) {
        return c < LABEL.length ? LABEL[c] : Character.isLetterOrDigit(c);
    }
}
