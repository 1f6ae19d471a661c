package io.countersign.ledger;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A committer at work on a store, and what it tells. */
public final class TestLedger implements Observer, AutoCloseable {

    private final Committer committer;
    private final Thread thread;
    public final List<Integer> blocks = new CopyOnWriteArrayList<>();
    public final AtomicInteger failures = new AtomicInteger();
    public final AtomicInteger recoveries = new AtomicInteger();
    private final Semaphore recovered = new Semaphore(0);

    public TestLedger(Store store) throws InterruptedException {
        this(store, Clock.systemUTC());
    }

    public TestLedger(Store store, Clock clock) throws InterruptedException {
        this(store, clock, null);
    }

    public TestLedger(Store store, Clock clock, @Nullable Journals journals) throws InterruptedException {
        committer = new Committer(store, clock, this, journals);
        committer.open();
        thread = Thread.ofPlatform().name("committer").start(committer);
    }

    public Committer committer() {
        return committer;
    }

    @Override
    public void committed(long first, List<Entry> entries) {
        blocks.add(entries.size());
    }

    @Override
    public void waited(long nanos) {}

    @Override
    public void failed(Throwable cause) {
        failures.incrementAndGet();
    }

    @Override
    public void recovered() {
        recoveries.incrementAndGet();
        recovered.release();
    }

    /** Returns once the committer has found the store back. */
    public void awaitRecovery() throws InterruptedException {
        if (!recovered.tryAcquire(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the committer has not found the store back");
        }
    }

    @Override
    public void close() throws Exception {
        committer.close().get(10, TimeUnit.SECONDS);
        thread.join();
    }
}
