package io.countersign.policy;

import io.countersign.api.Effect;
import io.countersign.api.Resource;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Effects as decisions and {@code countersign effects} write them: {@code sql:delete on table public.orders (no-where)}. */
final class WrittenEffect {

    private static final Pattern FORM = Pattern.compile("(\\S+) on (\\S+)(?: ([^\\s()]+))?(?: \\(([^()]*)\\))?");

    private WrittenEffect() {}

    /** @throws IllegalArgumentException with words for whoever wrote it */
    static Effect parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "an effect is written ACTION on KIND NAME (FLAGS), as in sql:delete on table public.orders (no-where),"
                            + " not: " + text);
        }
        List<String> path =
                form.group(3) == null ? List.of() : List.of(form.group(3).split("\\.", -1));
        Set<String> flags =
                form.group(4) == null ? Set.of() : Set.of(form.group(4).split(", *"));
        return new Effect(form.group(1), new Resource(form.group(2), path), flags);
    }
}
