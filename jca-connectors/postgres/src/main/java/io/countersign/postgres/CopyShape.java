package io.countersign.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines that a {@code COPY table TO STDOUT} writes, where its text says it plainly: the server describes them by a
 * number of columns only.
 *
 * @param table   its name as written, one or two parts
 * @param columns as listed, empty for all
 * @param csv     whether fields are separated by commas, and quoted
 * @param header  whether the first line has names
 */
record CopyShape(List<String> table, List<String> columns, boolean csv, boolean header) {

    private static final String NAME = "(?:[\\p{L}_][\\p{L}\\p{N}_$]*+|\"(?:[^\"]++|\"\")++\")";

    private static final Pattern PLAIN = Pattern.compile(
            "\\s*COPY\\s+(?<table>" + NAME + "(?:\\s*\\.\\s*" + NAME + ")?)\\s*"
                    + "(?:\\((?<columns>\\s*" + NAME + "(?:\\s*,\\s*" + NAME + ")*+\\s*)\\))?\\s*"
                    + "TO\\s+STDOUT\\s*(?:WITH\\s*)?"
                    + "(?<options>CSV(?:\\s+HEADER)?|\\(\\s*FORMAT\\s+(?:CSV|TEXT)\\s*(?:,\\s*HEADER\\s*(?:TRUE|ON)?\\s*)?\\))?\\s*;?\\s*",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    private static final Pattern PART = Pattern.compile(NAME);

    /** Empty where the text has options, comments or forms beyond the plain ones. */
    static Optional<CopyShape> of(String text) {
        Matcher plain = PLAIN.matcher(text);
        if (!plain.matches()) {
            return Optional.empty();
        }
        String options = Optional.ofNullable(plain.group("options")).orElse("").toUpperCase(Locale.ROOT);
        return Optional.of(new CopyShape(
                parts(plain.group("table")),
                parts(Optional.ofNullable(plain.group("columns")).orElse("")),
                options.contains("CSV"),
                options.contains("HEADER")));
    }

    /** Names as the server reads them: in lower case unless quoted (4.1.1). */
    private static List<String> parts(String list) {
        List<String> parts = new ArrayList<>();
        Matcher part = PART.matcher(list);
        while (part.find()) {
            String name = part.group();
            parts.add(
                    name.startsWith("\"")
                            ? name.substring(1, name.length() - 1).replace("\"\"", "\"")
                            : name.toLowerCase(Locale.ROOT));
        }
        return parts;
    }
}
