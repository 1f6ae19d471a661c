package io.countersign.api;

import java.util.List;
import java.util.Set;

/**
 * What a command says, read once: its exact text and the effects it would have. Connectors cache it by text, so equal
 * commands usually share one instance.
 *
 * @param text       the exact bytes, decoded; connectors refuse what is not valid UTF-8, so encoding gives them back
 * @param digest     SHA-256 of the exact bytes
 * @param kinds      what it is, statement by statement: {@code SELECT}, {@code DELETE}
 * @param effects    everything it would do, at least one
 * @param references names of columns it mentions, for masks that must see through expressions
 */
public record Content(String text, Digest digest, List<String> kinds, List<Effect> effects, Set<String> references) {

    public Content {
        kinds = List.copyOf(kinds);
        effects = List.copyOf(effects);
        references = Set.copyOf(references);
        if (effects.isEmpty()) {
            throw new IllegalArgumentException("a command without an effect cannot be judged");
        }
    }
}
