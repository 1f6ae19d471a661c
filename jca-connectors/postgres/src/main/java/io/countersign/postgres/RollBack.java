package io.countersign.postgres;

import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;

/**
 * Ends a transaction block whatever savepoints it has, and begins one like it, so that a failure after it leaves the session
 * as a failed statement would, but with nothing done and nothing locked.
 */
final class RollBack implements Inquiry {

    private static final ByteBuf MESSAGES =
            OwnStatement.constant("/* countersign: a held command keeps no transaction open */ ROLLBACK AND CHAIN");

    /** Everything but the Sync or Flush at the end. */
    static ByteBuf messages() {
        return MESSAGES.duplicate();
    }

    @Override
    public void row(DataRow row) {
        throw new IllegalStateException("ROLLBACK has no rows");
    }

    @Override
    public void done() {}

    /** What it has locked must not stay so: the session ends, and its transaction with it. */
    @Override
    public boolean failed(Report report) {
        return false;
    }
}
