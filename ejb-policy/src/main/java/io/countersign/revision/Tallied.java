package io.countersign.revision;

import java.util.List;

/** What became of a vote on a proposed revision. Every attempt is on the ledger. */
public sealed interface Tallied {

    record Counted(Proposal after) implements Tallied {}

    /** @param reasons every reason why this voter may not, each one sentence */
    record NotAllowed(List<String> reasons) implements Tallied {

        public NotAllowed {
            reasons = List.copyOf(reasons);
        }
    }

    /** It was decided before. */
    record Closed(Proposal proposal) implements Tallied {}

    record NotFound() implements Tallied {}

    /** The comment is missing where one is needed, or too long. */
    record BadComment(String reason) implements Tallied {}

    /** It was valid when it was proposed and is not any more: a variable or a file that it names is missing. */
    record Invalid(String problems) implements Tallied {}
}
