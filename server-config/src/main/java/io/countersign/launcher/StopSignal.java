package io.countersign.launcher;

import java.util.concurrent.CountDownLatch;
import sun.misc.Signal;

/**
 * The wish of the user or of the system that this process end: SIGTERM, SIGINT (Ctrl-C) or SIGHUP (closed terminal). Handled
 * here instead of in shutdown hooks, which run all at once, so that parts stop in order and the exit status says success.
 */
final class StopSignal {

    private final CountDownLatch wish = new CountDownLatch(1);

    static StopSignal watch() {
        StopSignal stop = new StopSignal();
        for (String name : new String[] {"TERM", "INT", "HUP"}) {
            Signal.handle(new Signal(name), signal -> stop.wish.countDown());
        }
        return stop;
    }

    boolean isWished() {
        return wish.getCount() == 0;
    }

    void await() {
        try {
            wish.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
