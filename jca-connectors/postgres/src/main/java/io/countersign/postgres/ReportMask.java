package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.core.Masker;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Hides values that errors and notices quote (54.8): under masks of columns whatever may quote any, for what masks select by
 * column cannot be told from the rest; else what detectors find.
 */
final class ReportMask {

    /** Detail, internal query and context of a report (54.8): what rows and values they are about. */
    private static final String VALUES = "DqW";

    /** What code can say whatever it likes in, as well (41.9.1 "Reporting Errors and Messages"): hint, and names of objects. */
    private static final String CODES = "MHstcdn";

    /** Severity and SQLSTATE (54.8): of a fixed set of words, which drivers act upon. */
    private static final String FIXED = "SVC";

    /**
     * Classes of errors (appendix A) whose message has words of the statement and names, never values, unless code raised them
     * that the target ran by itself: then they have a context.
     */
    private static final Set<String> OF_THE_TEXT = Set.of(
            "08", "0A", "21", "23", "25", "26", "28", "2B", "2D", "34", "3B", "3D", "3F", "40", "42", "53", "54", "55",
            "57", "58");

    private ReportMask() {}

    /** @param quotes whether the command that the report is about can reach masked columns */
    static Report hide(Report report, Content content, boolean quotes, Masker masker) {
        Map<Character, String> hidden = new LinkedHashMap<>(report.fields());
        if (quotes) {
            boolean plain = !content.references().contains(Statement.ANYTHING)
                    && !hidden.containsKey('W')
                    && OF_THE_TEXT.stream().anyMatch(report.sqlState()::startsWith);
            hidden.replaceAll((field, text) ->
                    VALUES.indexOf(field) >= 0 || !plain && CODES.indexOf(field) >= 0 ? Masker.REDACTED : text);
        }
        if (masker.detects()) {
            hidden.replaceAll((field, text) -> {
                String shown = FIXED.indexOf(field) >= 0 ? text : masker.hideDetected(text);
                return shown == null ? Masker.REDACTED : shown;
            });
        }
        return new Report(report.type(), hidden);
    }
}
