package io.countersign.policy;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Puts values in the place of {@code ${name}} and {@code ${name:default}}. */
final class Variables {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z0-9._-]+)(?::([^}]*))?}");

    private Variables() {}

    /**
     * @param values the value of a name, null where it has none
     * @throws IllegalArgumentException naming a variable that has neither value nor default
     */
    static String resolve(String text, UnaryOperator<@Nullable String> values) {
        return REFERENCE.matcher(text).replaceAll(found -> {
            String value = values.apply(found.group(1));
            if (value == null) {
                value = found.group(2);
            }
            if (value == null) {
                throw new IllegalArgumentException("the variable " + found.group(1)
                        + " has no value: set it, or write ${" + found.group(1) + ":default}");
            }
            return Matcher.quoteReplacement(value);
        });
    }
}
