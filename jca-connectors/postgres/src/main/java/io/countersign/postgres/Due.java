package io.countersign.postgres;

import io.countersign.api.Outcome;
import io.countersign.postgres.message.Malformed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The answers that the target owes, in order. Confined to the session's event loop. */
final class Due {

    private final Deque<Expected> expected = new ArrayDeque<>();
    private int cycles;

    void add(Expected next) {
        expected.add(next);
        if (next.kind.cycle()) {
            cycles++;
        }
    }

    /** What the next frame answers; null where nothing was asked. */
    @Nullable
    Expected head() {
        return expected.peek();
    }

    void answered() {
        expected.remove();
    }

    /** A ReadyForQuery is there. */
    void cycleEnded() {
        expected.remove();
        cycles--;
    }

    boolean isEmpty() {
        return expected.isEmpty();
    }

    /** Whether a ReadyForQuery is due: only then is the transaction's status known. */
    boolean inCycle() {
        return cycles > 0;
    }

    /**
     * The target ignores what was forwarded until Sync: no answer to it is due any more.
     *
     * @return what is ignored, in order, the failed one first
     */
    List<Expected> skipToSync() {
        List<Expected> skipped = new ArrayList<>();
        while (!expected.isEmpty() && expected.element().kind != Expected.Kind.SYNC) {
            skipped.add(expected.remove());
        }
        return skipped;
    }

    /** The conversation is over. What is not answered may or may not have been carried out. */
    void abandon(Consumer<Running> unknown) {
        for (Expected left : expected) {
            Running running = left.running;
            if (running != null && !running.finished) {
                running.status = Outcome.Status.UNKNOWN;
                unknown.accept(running);
            }
        }
        expected.clear();
    }

    static void need(Expected head, byte type, Expected.Kind kind) {
        if (head.kind != kind) {
            throw unexpected(type, head);
        }
    }

    static void need(Expected head, byte type, Expected.Kind one, Expected.Kind other) {
        if (head.kind != one && head.kind != other) {
            throw unexpected(type, head);
        }
    }

    static Malformed unexpected(byte type, @Nullable Expected head) {
        return new Malformed(
                Malformed.PROTOCOL_VIOLATION,
                "message " + (char) type + " where " + (head == null ? "nothing" : "the answer to " + head.kind)
                        + " was due");
    }
}
