package io.countersign.postgres.sql;

/** A text that cannot be read, and so must not be passed on. */
public sealed class NotUnderstood extends Exception permits NotUnderstood.TooDeep {

    private final int position;

    NotUnderstood(String message, int position) {
        super(message, null, false, false);
        this.position = position;
    }

    NotUnderstood(String message) {
        this(message, 0);
    }

    /** Where, in characters from 1 as the server counts them; 0 where unknown. */
    public int position() {
        return position;
    }

    /** The thread's stack did not suffice; a deeper one may. */
    static final class TooDeep extends NotUnderstood {

        TooDeep() {
            super("the statement is nested too deeply to be read");
        }
    }
}
