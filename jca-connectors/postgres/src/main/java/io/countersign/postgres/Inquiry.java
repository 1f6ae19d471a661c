package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.message.Report;

/** Something that the gateway asks of the target for itself; the client sees nothing of the answer. */
interface Inquiry {

    /** One row of the answer. */
    void row(DataRow row);

    /** The answer is through. */
    void done();

    /**
     * It failed: what follows it is ignored until Sync.
     *
     * @return whether the session can go on all the same
     */
    boolean failed(Report report);

    /** The cycle has ended that asked nothing else. */
    default void ready(Status status) {}
}
