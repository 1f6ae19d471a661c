package io.countersign.ledger;

import java.util.List;

/** Hears of what the committer did, on its thread, before those who wait for it: it must be quick. */
public interface Observer {

    /** The store has a block. */
    void committed(long first, List<Entry> entries);

    /** One more entry or work is on disk, this long after it was handed in. */
    void waited(long nanos);

    /** The store has failed; everything that waited was refused, and what comes is until it has {@link #recovered}. */
    void failed(Throwable cause);

    /** The store works again after it failed. What was refused meanwhile may or may not have been stored. */
    void recovered();
}
