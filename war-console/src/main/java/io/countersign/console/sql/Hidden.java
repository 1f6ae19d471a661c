package io.countersign.console.sql;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Characters that nobody can see: controls, direction overrides, zero-width characters, and what Unicode leaves
 * unassigned or private. They could make a text read as another one (Unicode Technical Report 36 §3).
 */
public final class Hidden {

    static final Pattern CHARACTER = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cn}&&[^\\n\\r\\t]]");

    private Hidden() {}

    /** The text with each of them as {@code ⟨U+202E⟩}. */
    public static String shown(String text) {
        return CHARACTER.matcher(text).replaceAll(found -> Matcher.quoteReplacement("⟨" + name(found.group()) + "⟩"));
    }

    /** {@code U+202E} */
    static String name(String character) {
        return String.format(Locale.ROOT, "U+%04X", character.codePointAt(0));
    }
}
