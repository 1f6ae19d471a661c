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
 * @param references names of columns it mentions, for masks that must see through expressions; the connector's own words may
 *                   stand among them
 * @param elsewhere  those of them that it uses otherwise than to show them: who must not see a column must not learn from
 *                   these what is in it
 */
public record Content(
        String text,
        Digest digest,
        List<String> kinds,
        List<Effect> effects,
        Set<String> references,
        Set<String> elsewhere) {

    public Content {
        kinds = List.copyOf(kinds);
        effects = List.copyOf(effects);
        references = Set.copyOf(references);
        elsewhere = Set.copyOf(elsewhere);
        if (effects.isEmpty()) {
            throw new IllegalArgumentException("a command without an effect cannot be judged");
        }
    }

    /** What uses no column otherwise than to show it. */
    public Content(String text, Digest digest, List<String> kinds, List<Effect> effects, Set<String> references) {
        this(text, digest, kinds, effects, references, Set.of());
    }
}
