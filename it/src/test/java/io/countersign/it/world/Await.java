package io.countersign.it.world;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what another process does, no longer than needed; fails with words when it does not come. */
public final class Await {

    /** Generous: two shared cores, a cold JVM. Only a failing story waits this long. */
    public static final Duration PATIENCE = Duration.ofSeconds(60);

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        until(what, PATIENCE, condition);
    }

    /** The same, where only the end of the waiting knows what to say. */
    public static void until(Supplier<String> what, BooleanSupplier condition) {
        some(what, PATIENCE, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    public static void until(String what, Duration patience, BooleanSupplier condition) {
        some(what, patience, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
    }

    public static <T> T some(String what, Supplier<Optional<T>> source) {
        return some(what, PATIENCE, source);
    }

    public static <T> T some(String what, Duration patience, Supplier<Optional<T>> source) {
        return some(() -> what, patience, source);
    }

    private static <T> T some(Supplier<String> what, Duration patience, Supplier<Optional<T>> source) {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<T> found = source.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited " + patience.toSeconds() + " s in vain for " + what.get());
            }
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }
}
