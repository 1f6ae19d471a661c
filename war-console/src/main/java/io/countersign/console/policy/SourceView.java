package io.countersign.console.policy;

import io.countersign.policy.Policy.SourceFile;
import java.util.ArrayList;
import java.util.List;

/** A policy file as the page shows it: as it is written, for a folder with a password in it does not load. */
public record SourceView(String name, List<Line> lines) {

    /**
     * One line of it.
     *
     * @param anchor where links to rules lead: {@code support.yaml:12}
     */
    public record Line(int number, String anchor, String text, boolean comment) {}

    static SourceView of(SourceFile file) {
        List<Line> lines = new ArrayList<>();
        for (String text : file.text().stripTrailing().split("\\R", -1)) {
            int number = lines.size() + 1;
            lines.add(new Line(
                    number,
                    file.name() + ":" + number,
                    text,
                    text.stripLeading().startsWith("#")));
        }
        return new SourceView(file.name(), List.copyOf(lines));
    }
}
