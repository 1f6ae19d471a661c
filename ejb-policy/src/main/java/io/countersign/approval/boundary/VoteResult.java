package io.countersign.approval.boundary;

import io.countersign.approval.State;
import java.util.List;

/** What became of an attempt to vote. Every attempt is on the ledger. */
public sealed interface VoteResult {

    record Counted(RequestView after) implements VoteResult {}

    /** @param reasons every reason why this voter may not, each one sentence */
    record NotAllowed(List<String> reasons) implements VoteResult {

        public NotAllowed {
            reasons = List.copyOf(reasons);
        }
    }

    /** The request was decided before; the vote changes nothing. */
    record Closed(State state) implements VoteResult {}

    record NotFound() implements VoteResult {}

    /** The comment is missing where one is needed, or too long. */
    record BadComment(String reason) implements VoteResult {}
}
