package io.countersign.approval;

import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.util.List;
import java.util.Optional;

/**
 * What the policy in force says of a held command, where that is another revision than the one that held it. A request is
 * judged by the stricter of both.
 *
 * @param refusal why it would be refused now, one sentence; empty where it would not
 * @param terms   under which it would be held now
 */
public record Today(Optional<String> refusal, List<Terms> terms) {

    /** Nothing but what was said when it was held. */
    public static final Today SAME = new Today(Optional.empty(), List.of());

    public Today {
        terms = List.copyOf(terms);
    }

    public static Today of(Decision decision) {
        return new Today(
                decision.reasons().stream()
                        .filter(reason -> reason.ruling() == Ruling.REFUSE)
                        .findFirst()
                        .map(reason -> (reason.words() + " " + reason.place()).strip()),
                decision.terms());
    }
}
