package io.countersign.approval;

import java.util.List;

/** What became of an attempt to vote. */
public sealed interface Voted {

    record Counted(Standing after) implements Voted {}

    /** @param reasons every reason why this voter may not */
    record NotAllowed(List<String> reasons) implements Voted {}

    /** The request was decided before, or its time was over. */
    record Closed(Standing standing) implements Voted {}

    record NotFound() implements Voted {}
}
