package io.countersign.postgres;

/** Values in COPY's text format (COPY, "Text Format"): a backslash stands before what would end or change a field. */
final class CopyText {

    /** What the letters after a backslash stand for, letter by letter. */
    private static final String LETTERS = "bfnrtv";

    private static final String MEANT = "\b\f\n\r\t\u000B";

    private CopyText() {}

    /** The value that a field of a server's line stands for; servers write no octal or hexadecimal escapes. */
    static String read(String field) {
        StringBuilder value = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '\\' && i + 1 < field.length()) {
                char next = field.charAt(++i);
                int letter = LETTERS.indexOf(next);
                value.append(letter < 0 ? next : MEANT.charAt(letter));
            } else {
                value.append(c);
            }
        }
        return value.toString();
    }

    /** The field that stands for a value. */
    static String written(String value) {
        StringBuilder field = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            int letter = MEANT.indexOf(c);
            if (letter >= 0) {
                field.append('\\').append(LETTERS.charAt(letter));
            } else if (c == '\\') {
                field.append("\\\\");
            } else {
                field.append(c);
            }
        }
        return field.toString();
    }
}
