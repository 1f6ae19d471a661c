package io.countersign.approval;

/** Where an approval request stands. It leaves {@link #PENDING} once, and never comes back. */
public enum State {
    /** Waits for votes. */
    PENDING,
    /** Enough distinct persons countersigned; the command was released. */
    APPROVED,
    /** One approver said no. */
    REJECTED,
    /** Nobody decided in time. */
    EXPIRED,
    /** The requester gave the command up. */
    WITHDRAWN,
    /** The session ended, or the gateway stopped, before anybody decided. */
    ABANDONED
}
