package io.countersign.postgres.sql;

/** A text that cannot be read, and so must not be passed on. */
public final class NotUnderstood extends Exception {

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
}
