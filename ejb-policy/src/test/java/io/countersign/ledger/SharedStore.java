package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.util.function.Function;

/**
 * A store that other gateways could write to.
 *
 * @param meanwhile what happens before anything is done in it
 */
record SharedStore(TestStore store, Runnable meanwhile) implements Store {

    @Override
    public <T> T transaction(Function<EntityManager, T> work) {
        meanwhile.run();
        return store.transaction(work);
    }

    @Override
    public void append(Block block) {
        meanwhile.run();
        store.append(block);
    }

    @Override
    public <T> T aside(Function<EntityManager, T> work) {
        return transaction(work);
    }

    @Override
    public boolean shared() {
        return true;
    }
}
