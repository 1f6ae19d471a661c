package io.countersign.api;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * One turn of an event loop, in which it reads what several of its sessions ask: what would otherwise be done for each of
 * them, as writing it down, is done for all at the turn's end.
 */
public final class Turn {

    private static final ThreadLocal<Turn> CURRENT = ThreadLocal.withInitial(Turn::new);

    private final Set<Runnable> last = new LinkedHashSet<>();
    private boolean open;

    private Turn() {}

    /**
     * Begins one that ends with a task of the loop that runs this; nothing where one has begun.
     *
     * @param loop runs tasks on this very thread, later
     * @throws java.util.concurrent.RejectedExecutionException where the loop has ended
     */
    public static void on(Executor loop) {
        Turn turn = CURRENT.get();
        if (!turn.open) {
            loop.execute(turn::end);
            turn.open = true;
        }
    }

    /**
     * Has this done at the end of this thread's turn.
     *
     * @param action cannot fail; of those that are equal, one runs
     * @return false where the thread is in no turn, and so nothing is done
     */
    public static boolean atEnd(Runnable action) {
        Turn turn = CURRENT.get();
        if (turn.open) {
            turn.last.add(action);
        }
        return turn.open;
    }

    /** What an action asks is another turn's. */
    private void end() {
        open = false;
        List<Runnable> actions = List.copyOf(last);
        last.clear();
        actions.forEach(Runnable::run);
    }
}
