package io.countersign.api;

import java.util.List;

/**
 * The identities on whose behalf a command is given, outermost first: the person at whose wish everything happens, then
 * each agent in turn, the one that acts now last (RFC 8693 §4.1, whose nested {@code act} claims list the same links
 * from the other end).
 *
 * @param links at least one, at most {@value #LONGEST}
 */
public record DelegationChain(List<Identity> links) {

    /** More links than this is an error or an attack; the token is refused. */
    public static final int LONGEST = 8;

    public DelegationChain {
        links = List.copyOf(links);
        if (links.isEmpty() || links.size() > LONGEST) {
            throw new IllegalArgumentException(
                    "a delegation chain has 1 to " + LONGEST + " links, not " + links.size());
        }
    }

    public static DelegationChain of(Identity... links) {
        return new DelegationChain(List.of(links));
    }

    /** On whose behalf, in the end. */
    public Identity origin() {
        return links.getFirst();
    }

    /** Who acts now: the origin itself where nothing is delegated. */
    public Identity actor() {
        return links.getLast();
    }

    /** For people: {@code alice → deploy-bot}. */
    public String described() {
        return String.join(" → ", links.stream().map(Identity::name).toList());
    }
}
