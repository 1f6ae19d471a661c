package io.countersign.revision;

/** Where a proposed revision stands. At most one is in force. */
public enum ProposalState {
    /** Waits for votes. */
    PROPOSED,
    /** Decides everything now. */
    IN_FORCE,
    /** Somebody said no. */
    REJECTED,
    /** Another one took its place, in force or in waiting: what it was compared with is gone. */
    SUPERSEDED
}
