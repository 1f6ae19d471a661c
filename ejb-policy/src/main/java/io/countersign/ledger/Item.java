package io.countersign.ledger;

import jakarta.ejb.ApplicationException;
import jakarta.persistence.EntityManager;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one caller wants on the ledger, an entry or work that makes some, and the stage that tells it when it is. */
final class Item<T> {

    final @Nullable Work<T> work;
    final @Nullable Entry entry;
    final long since = System.nanoTime();
    final CompletableFuture<T> stage = new CompletableFuture<>();

    private @Nullable T result;

    private Item(@Nullable Work<T> work, @Nullable Entry entry, @Nullable T result) {
        this.work = work;
        this.entry = entry;
        this.result = result;
    }

    static <T> Item<T> of(Entry entry, T result) {
        return new Item<>(null, entry, result);
    }

    static <T> Item<T> of(Work<T> work) {
        return new Item<>(work, null, null);
    }

    int bytes() {
        return entry == null ? 0 : entry.json().length;
    }

    /** @throws WorkFailed where the work fails */
    void collect(EntityManager em, List<Entry> entries) {
        if (work == null) {
            entries.add(Objects.requireNonNull(entry));
            return;
        }
        try {
            Work.Written<T> written = work.in(em);
            em.flush();
            result = written.result();
            entries.addAll(written.entries());
        } catch (RuntimeException e) {
            throw new WorkFailed(this, e);
        }
    }

    void succeed() {
        stage.complete(result);
    }

    void refuse(LedgerUnavailable cause) {
        stage.completeExceptionally(cause);
    }

    /** Says whose work broke the block; the others try again without it. */
    @ApplicationException(rollback = true)
    static final class WorkFailed extends RuntimeException {

        final transient Item<?> item;

        WorkFailed(Item<?> item, RuntimeException cause) {
            super(cause);
            this.item = item;
        }
    }
}
