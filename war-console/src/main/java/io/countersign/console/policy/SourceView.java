package io.countersign.console.policy;

import io.countersign.policy.Policy.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A policy file as the page shows it. */
public record SourceView(String name, List<Line> lines) {

    /**
     * One line of it.
     *
     * @param anchor where links to rules lead: {@code support.yaml:12}
     */
    public record Line(int number, String anchor, String text, boolean comment) {}

    /**
     * A password written out, against all advice, instead of {@code ${variable}}, {@code {file: …}} or {@code {env: …}}:
     * it is in the file, and shall not be on the page as well.
     */
    private static final Pattern PASSWORD =
            Pattern.compile("(password\\s*:\\s*)(?![\\s\"']*[$][{]|\\s*[{]|\\s*$)([^,}#]+)");

    static SourceView of(SourceFile file) {
        List<Line> lines = new ArrayList<>();
        for (String text : file.text().stripTrailing().split("\\R", -1)) {
            int number = lines.size() + 1;
            lines.add(new Line(
                    number,
                    file.name() + ":" + number,
                    withoutSecrets(text),
                    text.stripLeading().startsWith("#")));
        }
        return new SourceView(file.name(), List.copyOf(lines));
    }

    static String withoutSecrets(String line) {
        return PASSWORD.matcher(line).replaceAll(found -> Matcher.quoteReplacement(found.group(1) + "<secret>"));
    }
}
