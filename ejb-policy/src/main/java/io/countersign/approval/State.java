package io.countersign.approval;

/**
 * Where an approval request stands. From {@link #PENDING} and {@link #READY} it comes to an end once; nothing leads back from
 * there, but for an approval that found nobody to release.
 */
public enum State {
    /** Waits for votes. */
    PENDING,
    /** Enough distinct persons countersigned while nobody waited: the same command runs once, if it comes again in time. */
    READY,
    /** Enough distinct persons countersigned; the command was released. */
    APPROVED,
    /** One approver said no. */
    REJECTED,
    /** Nobody decided in time. */
    EXPIRED,
    /** The requester gave the command up. */
    WITHDRAWN,
    /** The session ended, or the gateway stopped, before anybody decided. */
    ABANDONED;

    /** Whether something can still come of it. */
    public boolean isOpen() {
        return this == PENDING || this == READY;
    }
}
