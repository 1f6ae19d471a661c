package io.countersign.core;

import jakarta.resource.spi.work.Work;
import jakarta.resource.spi.work.WorkException;
import jakarta.resource.spi.work.WorkManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads from the container's work manager (Jakarta Connectors 2.1, chapter 10) for what may block: sign-in, names, key
 * derivation. Few at a time, so that a flood of connections cannot take the container's whole pool.
 */
public final class Workers implements Executor {

    private static final Logger LOG = System.getLogger(Workers.class.getName());

    private static final int MOST_RUNNING = 16;

    private static final int MOST_WAITING = 1000;

    private final WorkManager container;
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AtomicInteger running = new AtomicInteger();

    public Workers(WorkManager container) {
        this.container = container;
    }

    /** One thread of the container's for a task that never ends, as an event loop. */
    public static Executor dedicated(WorkManager container) {
        return task -> start(container, task);
    }

    /** @throws RejectedExecutionException where too many wait already */
    @Override
    public void execute(Runnable task) {
        if (!waiting.offer(task)) {
            throw new RejectedExecutionException(MOST_WAITING + " tasks are waiting");
        }
        int now = running.get();
        while (now < MOST_RUNNING) {
            if (running.compareAndSet(now, now + 1)) {
                try {
                    start(container, this::drain);
                } catch (RejectedExecutionException e) {
                    running.decrementAndGet();
                    throw e;
                }
                return;
            }
            now = running.get();
        }
    }

    private void drain() {
        try {
            Runnable task;
            while ((task = waiting.poll()) != null) {
                run(task);
            }
        } finally {
            running.decrementAndGet();
        }
        // One that came between the last look and the leaving would wait for the next.
        if (!waiting.isEmpty() && running.compareAndSet(0, 1)) {
            drain();
        }
    }

    /** Those that wait must not wait for the next because one failed. */
    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "a task failed; those that wait are done all the same", e);
        }
    }

    private static void start(WorkManager container, Runnable task) {
        try {
            container.startWork(new Work() {
                @Override
                public void run() {
                    task.run();
                }

                // What runs here ends by its own adapter's stop.
                @Override
                public void release() {}
            });
        } catch (WorkException e) {
            throw new RejectedExecutionException("the container has no thread to give: " + e.getMessage(), e);
        }
    }
}
