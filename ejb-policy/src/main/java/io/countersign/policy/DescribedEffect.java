package io.countersign.policy;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads effects back from records, which have them as {@link Effect#described()} writes them. */
public final class DescribedEffect {

    private DescribedEffect() {}

    /** @throws IllegalArgumentException where no effect is described like this */
    public static Effect parse(String text) {
        int on = text.indexOf(" on ");
        if (on < 1) {
            throw new IllegalArgumentException("no effect is described as " + text);
        }
        String rest = text.substring(on + 4);
        int space = rest.indexOf(' ');
        String kind = space < 0 ? rest : rest.substring(0, space);
        String after = space < 0 ? "" : rest.substring(space + 1);
        List<String> path = new ArrayList<>();
        int at = after.startsWith("(") ? 0 : path(after, path);
        String flags = after.substring(at).strip();
        if (!flags.isEmpty() && !(flags.startsWith("(") && flags.endsWith(")"))) {
            throw new IllegalArgumentException("no effect is described as " + text);
        }
        return new Effect(
                text.substring(0, on),
                new Resource(kind, path),
                flags.isEmpty()
                        ? Set.of()
                        : Set.of(flags.substring(1, flags.length() - 1).split(", ")));
    }

    /** @return where the name ends: its parts are separated by dots, quoted where they need it */
    private static int path(String text, List<String> path) {
        int at = 0;
        while (at < text.length()) {
            int end = at;
            if (text.charAt(at) == '"') {
                end = at + 1;
                while (end < text.length() && (text.charAt(end) != '"' || text.startsWith("\"\"", end))) {
                    end += text.charAt(end) == '"' ? 2 : 1;
                }
                path.add(text.substring(at + 1, Math.min(end, text.length())).replace("\"\"", "\""));
                end++;
            } else {
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != ' ') {
                    end++;
                }
                path.add(text.substring(at, end));
            }
            if (end >= text.length() || text.charAt(end) != '.') {
                return Math.min(end, text.length());
            }
            at = end + 1;
        }
        return at;
    }
}
