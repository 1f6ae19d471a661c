package io.countersign.api;

import java.util.Set;

/**
 * One thing a command would do: an action upon a resource.
 *
 * @param action {@code protocol:verb}, lower case: {@code sql:delete}, {@code http:POST}
 * @param flags  what else is true of it: {@code no-where}, {@code opaque}, {@code explain-analyze}
 */
public record Effect(String action, Resource resource, Set<String> flags) {

    public Effect {
        flags = Set.copyOf(flags);
    }

    public static Effect of(String action, Resource resource) {
        return new Effect(action, resource, Set.of());
    }

    /** For people: {@code sql:delete on table public.orders (no-where)}. */
    public String described() {
        String flagged = flags.isEmpty()
                ? ""
                : " (" + String.join(", ", flags.stream().sorted().toList()) + ")";
        return action + " on " + resource.described() + flagged;
    }
}
