package io.countersign.plan;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.countersign.api.Bind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value that a plan leaves open, and what it may be. A value whose form is not known for certain is outside of every bound,
 * and so is SQL NULL.
 */
public sealed interface OpenParameter {

    /** Characters that a bound, or a text that is bound, may have at most. */
    int LONGEST = 1_000;

    /** {@code integer}, {@code number}, {@code date}, {@code text}. */
    String type();

    /** For people, after the type: {@code from 1 to 100}. */
    String bounds();

    /** Names of the protocol's types that it may be bound as; without a name the target takes the type that it expects. */
    Set<String> boundAs();

    /** @param value as people read it */
    boolean admits(String value);

    /** Why a bound value is outside, in words that follow its number; empty where it is not. */
    default Optional<String> refusal(Bind bind) {
        byte[] bytes = bind.bytes();
        String text = bind.text();
        if (bytes == null || text == null) {
            return Optional.of("is NULL, and must be " + described());
        }
        boolean plain = Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
        boolean known = bind.type().isEmpty() ? plain : boundAs().contains(bind.type());
        return known && text.length() <= LONGEST && admits(text)
                ? Optional.empty()
                : Optional.of("is not " + described());
    }

    /** For people: {@code integer from 1 to 100}. */
    default String described() {
        return type() + " " + bounds();
    }

    /**
     * As planners write it.
     *
     * @param least   and {@code most} bound an integer, a number or a date
     * @param pattern bounds a text as a whole: an RE2 expression
     * @throws IllegalArgumentException with words for whoever wrote it
     */
    static OpenParameter of(String type, @Nullable String least, @Nullable String most, @Nullable String pattern) {
        if (type.equals("text")) {
            if (pattern == null || least != null || most != null) {
                throw new IllegalArgumentException("a text parameter has a pattern, and neither min nor max");
            }
            return Words.of(pattern);
        }
        if (least == null || most == null || pattern != null) {
            throw new IllegalArgumentException(
                    "a parameter is a text with a pattern, or an integer, number or date" + " with min and max");
        }
        OpenParameter read = switch (type) {
            case "integer" -> new Numbers(number(least, false), number(most, false), true);
            case "number" -> new Numbers(number(least, true), number(most, true), false);
            case "date" -> new Days(date(least), date(most));
            default ->
                throw new IllegalArgumentException("a parameter's type is integer, number, date or text, not " + type);
        };
        if (!read.admits(least)) {
            throw new IllegalArgumentException("min is greater than max");
        }
        return read;
    }

    /** @param whole whether fractions are outside */
    record Numbers(BigDecimal least, BigDecimal most, boolean whole) implements OpenParameter {

        @Override
        public String type() {
            return whole ? "integer" : "number";
        }

        @Override
        public String bounds() {
            return "from " + least.toPlainString() + " to " + most.toPlainString();
        }

        @Override
        public Set<String> boundAs() {
            return whole
                    ? Set.of("int2", "int4", "int8")
                    : Set.of("int2", "int4", "int8", "numeric", "float4", "float8");
        }

        @Override
        public boolean admits(String value) {
            if (!value.matches(form(!whole))) {
                return false;
            }
            BigDecimal number = new BigDecimal(value);
            return least.compareTo(number) <= 0 && number.compareTo(most) <= 0;
        }
    }

    record Days(LocalDate least, LocalDate most) implements OpenParameter {

        @Override
        public String type() {
            return "date";
        }

        @Override
        public String bounds() {
            return "from " + least + " to " + most;
        }

        @Override
        public Set<String> boundAs() {
            return Set.of("date");
        }

        @Override
        public boolean admits(String value) {
            try {
                LocalDate day = LocalDate.parse(value);
                return !day.isBefore(least) && !day.isAfter(most);
            } catch (DateTimeException notADate) {
                return false;
            }
        }
    }

    /** @param pattern matched in time that grows only with the text (RE2), because whoever runs the plan chooses that */
    record Words(Pattern pattern) implements OpenParameter {

        static Words of(String pattern) {
            if (pattern.length() > LONGEST) {
                throw new IllegalArgumentException("a pattern has at most " + LONGEST + " characters");
            }
            try {
                return new Words(Pattern.compile(pattern));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("the pattern is not understood: " + e.getMessage(), e);
            }
        }

        @Override
        public String type() {
            return "text";
        }

        @Override
        public String bounds() {
            return "like " + pattern.pattern();
        }

        @Override
        public Set<String> boundAs() {
            return Set.of("text", "varchar", "bpchar", "name");
        }

        @Override
        public boolean admits(String value) {
            return pattern.matches(value);
        }
    }

    private static String form(boolean fraction) {
        return fraction ? "-?\\d{1,30}(\\.\\d{1,30})?" : "-?\\d{1,30}";
    }

    private static BigDecimal number(String text, boolean fraction) {
        if (!text.matches(form(fraction))) {
            throw new IllegalArgumentException(text + " is no bound of " + (fraction ? "a number" : "an integer"));
        }
        return new BigDecimal(text);
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text + " is no date such as 2026-03-02", e);
        }
    }
}
