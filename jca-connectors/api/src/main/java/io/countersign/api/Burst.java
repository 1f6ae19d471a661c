package io.countersign.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Stages that are completed one after another, as those of all commands that one commit has put on disk: a thread that
 * waits for several of them is woken once, when all are complete, rather than for each.
 */
public final class Burst {

    private static final ThreadLocal<Burst> CURRENT = ThreadLocal.withInitial(Burst::new);

    private final Set<Runnable> wakings = new LinkedHashSet<>();
    private boolean open;

    private Burst() {}

    /** Completes stages; whoever they wake is woken at the end, also where completing fails. */
    public static void run(Runnable completions) {
        Burst burst = CURRENT.get();
        if (burst.open) {
            completions.run();
            return;
        }
        burst.open = true;
        try {
            completions.run();
        } finally {
            burst.open = false;
            List<Runnable> wakings = List.copyOf(burst.wakings);
            burst.wakings.clear();
            wakings.forEach(Runnable::run);
        }
    }

    /**
     * Wakes at the end of the burst that this thread is in the middle of, or at once where it is in none.
     *
     * @param waking cannot fail; of those that are equal, one runs
     */
    public static void wake(Runnable waking) {
        Burst burst = CURRENT.get();
        if (burst.open) {
            burst.wakings.add(waking);
        } else {
            waking.run();
        }
    }
}
