package io.countersign.api;

import java.util.List;

/** What a connector must do with a permitted command. Sealed: what is not understood does not load, and so refuses. */
public sealed interface Obligation {

    /**
     * Hide values in the answer, and in the recording, before they leave. The strictest mask that selects a column wins, then
     * the strictest whose detector finds something.
     */
    record MaskAnswer(List<Mask> masks) implements Obligation {

        public MaskAnswer {
            masks = List.copyOf(masks);
        }
    }

    /** End the answer with an error after this many rows, 1 or more. */
    record LimitRows(long rows) implements Obligation {}
}
