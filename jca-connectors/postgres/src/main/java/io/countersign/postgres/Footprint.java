package io.countersign.postgres;

import org.jspecify.annotations.Nullable;

/**
 * What a session's statements, portals, cursors and savepoints take in memory, roughly, in bytes; bounded, because a client
 * may make as many as it likes (54.2.3). Confined to the session's event loop.
 */
final class Footprint {

    /** What one session may keep, of texts and values. */
    static final long MOST = 64L << 20;

    /** What of that is left to what has no name: others can be closed by it, and it gives way to the next. */
    static final long SPARE = 1L << 20;

    /** What each statement, portal and cursor takes besides its text and values. */
    static final int EACH = 1_024;

    /** What a savepoint takes, with its name: drivers set one before each command of a transaction. */
    static final int SAVEPOINT = 128;

    private long bytes;

    /** A text, which the statements prepared by it and their portals keep together. */
    static final class Text {

        final long bytes;
        private int keepers;

        Text(String text) {
            this.bytes = text.length();
        }
    }

    /** Whether something that has a name can be kept besides. */
    boolean fits(long more) {
        return bytes + more <= MOST - SPARE;
    }

    boolean fits(Portal portal) {
        return fits(more(portal));
    }

    /** Whether a statement without a name can take the place of the one before. */
    boolean fits(long text, @Nullable Prepared before) {
        return bytes + EACH + text - (before == null ? 0 : less(before.text)) <= MOST;
    }

    /** Whether a portal without a name can take the place of the one before. */
    boolean fits(Portal portal, @Nullable Portal before) {
        return bytes + more(portal) - (before == null ? 0 : before.bytes + less(before.prepared.text)) <= MOST;
    }

    /** A statement or cursor of this text. */
    void keep(Text text) {
        bytes += EACH + (text.keepers++ == 0 ? text.bytes : 0);
    }

    void release(Text text) {
        bytes -= less(text);
        text.keepers--;
    }

    void keep(Portal portal) {
        keep(portal.prepared.text);
        bytes += portal.bytes;
    }

    void release(Portal portal) {
        release(portal.prepared.text);
        bytes -= portal.bytes;
    }

    /** @param more negative where they are gone */
    void savepoints(int more) {
        bytes += (long) more * SAVEPOINT;
    }

    private static long more(Portal portal) {
        Text text = portal.prepared.text;
        return EACH + portal.bytes + (text.keepers == 0 ? text.bytes : 0);
    }

    private static long less(Text text) {
        return EACH + (text.keepers == 1 ? text.bytes : 0);
    }
}
