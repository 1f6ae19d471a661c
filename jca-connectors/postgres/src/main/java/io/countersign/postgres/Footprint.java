package io.countersign.postgres;

/**
 * What a session's named statements and portals take in memory, roughly, in bytes; bounded, because a client may make as
 * many as it likes (54.2.3). Of unnamed ones there is one each. Confined to the session's event loop.
 */
final class Footprint {

    /** What one session may keep, of texts and values. */
    static final long MOST = 64L << 20;

    /** What each takes besides its text and values. */
    private static final int EACH = 1_024;

    private long bytes;

    /** A text, which the statements prepared by it and their portals keep together. */
    static final class Text {

        final long bytes;
        private int keepers;

        Text(String text) {
            this.bytes = text.length();
        }
    }

    boolean fits(long more) {
        return bytes + more + EACH <= MOST;
    }

    boolean fits(Portal portal) {
        Text text = portal.prepared.text;
        return fits(portal.bytes + (text.keepers == 0 ? text.bytes : 0));
    }

    void keep(Prepared statement) {
        Text text = statement.text;
        bytes += EACH + (text.keepers++ == 0 ? text.bytes : 0);
    }

    void release(Prepared statement) {
        Text text = statement.text;
        bytes -= EACH + (--text.keepers == 0 ? text.bytes : 0);
    }

    void keep(Portal portal) {
        keep(portal.prepared);
        bytes += portal.bytes;
    }

    void release(Portal portal) {
        release(portal.prepared);
        bytes -= portal.bytes;
    }
}
