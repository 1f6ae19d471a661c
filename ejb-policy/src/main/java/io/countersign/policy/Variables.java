package io.countersign.policy;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts values in the place of {@code ${name}} and {@code ${name:default}}. */
final class Variables {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9._-]+)(?::([^}]*))?}");

    private Variables() {}

    /** Whether the text is one variable without a default: then nothing of its value stands in the file. */
    static boolean only(String text) {
        Matcher found = REFERENCE.matcher(text);
        return found.matches() && found.group(2) == null;
    }

    /**
     * @param values    the value of a name, null where it has none
     * @param otherwise stands for what has neither value nor default; null where that is an error
     * @throws IllegalArgumentException naming a variable that has neither value nor default, or is not closed
     */
    static String resolve(String text, UnaryOperator<@Nullable String> values, @Nullable String otherwise) {
        if (REFERENCE.matcher(text).replaceAll("").contains("${")) {
            throw new IllegalArgumentException("a variable is written ${name} or ${name:default}, not: " + text);
        }
        return REFERENCE.matcher(text).replaceAll(found -> {
            String value = values.apply(found.group(1));
            if (value == null) {
                value = found.group(2) == null ? otherwise : found.group(2);
            }
            if (value == null) {
                throw new IllegalArgumentException("the variable " + found.group(1)
                        + " has no value: set it, or write ${" + found.group(1) + ":default}");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
