package io.countersign.gateway;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How long something takes, as percentiles over the last one to two minutes. Eight steps to each doubling, so a percentile
 * is right within an eighth; recording one costs a few nanoseconds and no memory.
 */
public final class Latency {

    private static final int STEPS = 8;

    private volatile AtomicLongArray now = new AtomicLongArray(64 * STEPS);
    private volatile AtomicLongArray before = new AtomicLongArray(64 * STEPS);

    public void record(long nanos) {
        now.incrementAndGet(bucket(Math.max(nanos, STEPS)));
    }

    /** To be called once a minute. */
    public void turn() {
        before = now;
        now = new AtomicLongArray(64 * STEPS);
    }

    /**
     * @param share 0.5 for the median
     * @return seconds; 0 where nothing was recorded
     */
    public double percentile(double share) {
        AtomicLongArray first = before;
        AtomicLongArray second = now;
        long total = 0;
        for (int i = 0; i < first.length(); i++) {
            total += first.get(i) + second.get(i);
        }
        long rank = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < first.length() && total > 0; i++) {
            seen += first.get(i) + second.get(i);
            if (seen >= rank) {
                return upper(i) / 1e9;
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int doubling = 63 - Long.numberOfLeadingZeros(nanos);
        return doubling * STEPS + (int) (nanos >>> doubling - 3 & STEPS - 1);
    }

    private static double upper(int bucket) {
        int doubling = bucket / STEPS;
        return (double) (1L << doubling) * (1 + (bucket % STEPS + 1) / (double) STEPS);
    }
}
