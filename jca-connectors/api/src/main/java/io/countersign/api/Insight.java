package io.countersign.api;

import java.util.List;
import java.util.OptionalLong;

/** What a target says of a command that waits, for whoever decides it: taken without effect, and no part of what is approved. */
public sealed interface Insight {

    /**
     * How it would be carried out now, as the target estimates.
     *
     * @param steps    in words, a line each, the outermost first and what it needs indented beneath it
     * @param answered rows that it would answer
     * @param changed  rows that it would insert, update, delete or merge; empty where it changes none
     */
    record Plan(List<String> steps, long answered, OptionalLong changed) implements Insight {

        public Plan {
            steps = List.copyOf(steps);
        }
    }

    /** @param reason why the target was not asked how it would carry the command out, or did not say; one sentence */
    record NoPlan(String reason) implements Insight {}

    /** @param held what the transaction that it waits in keeps locked, as people read it */
    record Locks(List<String> held) implements Insight {

        public Locks {
            held = List.copyOf(held);
        }
    }

    /** @param reason why it is not known what is locked; one sentence */
    record NoLocks(String reason) implements Insight {}
}
