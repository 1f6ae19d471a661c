package io.countersign.api;

import java.util.List;
import java.util.regex.Pattern;

/**
 * What an effect falls upon.
 *
 * @param kind {@code table}, {@code function}, {@code setting}, {@code path}, …: a word of the connector's
 * @param path its name, part by part, outermost first and never joined: {@code "s.t"} is not {@code s.t}
 */
public record Resource(String kind, List<String> path) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_$]*");

    public Resource {
        path = List.copyOf(path);
    }

    /** For people: {@code table public.orders}, parts quoted where they need it. */
    public String described() {
        return path.isEmpty()
                ? kind
                : kind + " "
                        + String.join(".", path.stream().map(Resource::quoted).toList());
    }

    private static String quoted(String part) {
        return PLAIN.matcher(part).matches() ? part : '"' + part.replace("\"", "\"\"") + '"';
    }
}
