package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.util.function.Function;

/** Where the ledger is kept. */
public interface Store {

    /**
     * Does the work in a transaction of its own. When this returns, everything is on disk: not in a cache of the database's
     * nor of the operating system's.
     *
     * @throws RuntimeException where anything fails; whether it was committed is then unknown
     */
    <T> T transaction(Function<EntityManager, T> work);

    /**
     * Puts a block at the ledger's end: one row, whole or not at all, so a transaction around it would only cost its second
     * round trip. On disk when this returns, as above.
     *
     * @throws RuntimeException where anything fails, also where its place is taken; whether it is there is then unknown
     */
    void append(Block block);

    /** For reading, and for writing what can be made again from the ledger: a crash may lose it. */
    <T> T aside(Function<EntityManager, T> work);

    /** Whether other processes could open the same store at the same time. */
    boolean shared();
}
