package io.countersign.core;

import io.countersign.api.Mask.Detector;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One form that values have, by which a detector recognises them: a block of {@code detectors.txt}, which says what its parts
 * mean.
 *
 * @param name    the detector's, and after a slash which of its forms
 * @param needs   what {@link Hints} looks for
 * @param pattern never goes back over what it has read; null where the check finds its way through the text by itself
 * @param columns names of columns; a form has either these or a pattern or check
 * @param yes     with « and » around what is found
 */
record Form(
        String name,
        Detector detector,
        List<String> needs,
        @Nullable Pattern pattern,
        Check check,
        List<String> columns,
        List<String> yes,
        List<String> no) {

    /** A stretch of the text, from inclusive to exclusive. */
    record Found(int from, int to, Detector detector) {}

    Form {
        needs = List.copyOf(needs);
        columns = List.copyOf(columns);
        yes = List.copyOf(yes);
        no = List.copyOf(no);
        if (columns.isEmpty() == needs.isEmpty()) {
            throw new IllegalArgumentException(
                    "form " + name + " needs either a pattern and what it needs, or columns");
        }
        if (columns.isEmpty() && pattern == null && check == Check.WHOLE) {
            throw new IllegalArgumentException(
                    "form " + name + " would find everything: it needs a pattern or a check");
        }
        if (yes.isEmpty() || no.isEmpty()) {
            throw new IllegalArgumentException("form " + name + " has no example that it is tested by");
        }
    }

    /** Adds what has this form, in order. Reads each character of the text only a bounded number of times. */
    void find(CharSequence text, List<Found> found) {
        if (pattern == null) {
            check.parts(text, 0, text.length(), (from, to) -> found.add(new Found(from, to, detector)));
            return;
        }
        Matcher matcher = pattern.matcher(text);
        int group = matcher.groupCount() > 0 && check == Check.WHOLE ? 1 : 0;
        int at = 0;
        while (at <= text.length() && matcher.find(at)) {
            int before = found.size();
            check.parts(text, matcher.start(group), matcher.end(group), (from, to) -> {
                found.add(new Found(from, to, detector));
            });
            at = Math.max(matcher.end(), matcher.start() + 1);
            if (found.size() > before) {
                at = Math.max(at, found.getLast().to);
            }
        }
    }
}
