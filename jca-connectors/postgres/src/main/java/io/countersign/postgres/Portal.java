package io.countersign.postgres;

import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.RowDescription;
import org.jspecify.annotations.Nullable;

/** A bound statement, ready to run or suspended. */
final class Portal {

    final Bind bind;
    final Prepared prepared;

    /** Of its Bind. */
    final int bytes;

    /** Its columns, once a Describe of this very portal was answered. */
    @Nullable
    RowDescription columns;

    /** The command that runs it, while there are more rows to fetch. */
    @Nullable
    Running suspended;

    /** Of the command that bound it. */
    AnswerMask mask = AnswerMask.NONE;

    /** How many savepoints of its transaction were set when it was bound. */
    int savepoints;

    Portal(Bind bind, Prepared prepared, int bytes) {
        this.bind = bind;
        this.prepared = prepared;
        this.bytes = bytes;
    }

    boolean isUnnamed() {
        return bind.portal().isEmpty();
    }
}
