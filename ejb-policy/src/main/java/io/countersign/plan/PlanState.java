package io.countersign.plan;

/** Where a plan stands. It is begun once and ends once. */
public enum PlanState {
    /** Waits for votes. */
    PENDING,
    /** Approved: somebody may run it. */
    READY,
    /** A session runs it. */
    RUNNING,
    /** Every command was carried out. */
    DONE,
    /** It came to nothing, or not to its last command. */
    ENDED;

    /** Whether something can still come of it. */
    public boolean isOpen() {
        return this == PENDING || this == READY || this == RUNNING;
    }
}
