package io.countersign.revision;

import io.countersign.policy.Author;
import io.countersign.policy.Change;
import io.countersign.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A valid revision that somebody wants in force.
 *
 * @param base    what it was compared with: the revision in force; empty where there was none
 * @param changes what would change by it, in words
 */
public record Draft(
        Policy policy, Optional<String> base, Source source, Author author, String comment, List<Change> changes) {

    public Draft {
        changes = List.copyOf(changes);
    }

    /** With what is to be known of it before its changes. */
    public Draft after(List<Change> notes) {
        return new Draft(
                policy,
                base,
                source,
                author,
                comment,
                Stream.concat(notes.stream(), changes.stream()).toList());
    }
}
