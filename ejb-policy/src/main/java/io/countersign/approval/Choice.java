package io.countersign.approval;

/** What an approver says. */
public enum Choice {
    APPROVE,
    /** One is enough; it needs a comment, which the requester reads. */
    REJECT
}
