package io.countersign.revision.boundary;

/** What became of an attempt to propose a revision. */
public sealed interface Submitted {

    record Waiting(ProposalView proposal) implements Submitted {}

    /** @param problems every one, a line each */
    record Invalid(String problems) implements Submitted {}

    /** @param why one sentence: it is in force already, too many wait, the comment is too long */
    record NotNow(String why) implements Submitted {}

    /** There is no such revision to go back to. */
    record NotFound() implements Submitted {}
}
