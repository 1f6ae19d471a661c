package io.countersign.policy;

/**
 * A pattern in which {@code *} stands for any characters. Takes time in proportion to pattern times text, whatever an
 * attacker names a table: a regular expression with several wild cards could be made to take for ever.
 */
record Glob(String pattern) {

    boolean matches(String text) {
        int at = 0;
        int in = 0;
        int star = -1;
        int resume = 0;
        while (at < text.length()) {
            if (in < pattern.length() && pattern.charAt(in) == '*') {
                star = in++;
                resume = at;
            } else if (in < pattern.length() && pattern.charAt(in) == text.charAt(at)) {
                in++;
                at++;
            } else if (star >= 0) {
                in = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (in < pattern.length() && pattern.charAt(in) == '*') {
            in++;
        }
        return in == pattern.length();
    }

    /** Whether some text is matched by both. Takes time in proportion to the product of their lengths. */
    boolean meets(Glob other) {
        String one = pattern;
        String two = other.pattern;
        boolean[][] meet = new boolean[one.length() + 1][two.length() + 1];
        for (int i = one.length(); i >= 0; i--) {
            for (int j = two.length(); j >= 0; j--) {
                boolean ends = i == one.length() && j == two.length();
                boolean starOne = i < one.length() && one.charAt(i) == '*';
                boolean starTwo = j < two.length() && two.charAt(j) == '*';
                meet[i][j] = ends
                        || starOne && (meet[i + 1][j] || j < two.length() && meet[i][j + 1])
                        || starTwo && (meet[i][j + 1] || i < one.length() && meet[i + 1][j])
                        || i < one.length() && j < two.length() && one.charAt(i) == two.charAt(j) && meet[i + 1][j + 1];
            }
        }
        return meet[0][0];
    }
}
