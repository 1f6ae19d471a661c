package io.countersign.approval;

import io.countersign.policy.Author;
import java.util.List;
import java.util.Set;

/**
 * A proposed change of the policy, as far as it matters for who may countersign it.
 *
 * @param state  as people read it: {@code proposed}, {@code rejected}
 * @param open   whether it still takes votes
 * @param groups whose members countersign changes, by the policy in force
 */
public record Proposed(String state, boolean open, Author author, List<Ballot> votes, Set<String> groups) {

    public Proposed {
        votes = List.copyOf(votes);
        groups = Set.copyOf(groups);
    }
}
