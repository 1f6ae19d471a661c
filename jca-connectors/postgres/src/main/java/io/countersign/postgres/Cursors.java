package io.countersign.postgres;

import io.countersign.postgres.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The cursors that a session has declared (DECLARE): what they fetch, which masks go with it, and when they end. Confined to
 * the session's event loop.
 */
final class Cursors {

    /**
     * One of them.
     *
     * @param mask       of the command that declared it
     * @param text       of that command
     * @param outlives   its transaction, by WITH HOLD
     * @param savepoints of its transaction that were set when it was declared
     */
    record Cursor(Statement statement, AnswerMask mask, Footprint.Text text, boolean outlives, int savepoints) {

        Cursor under(int most) {
            return savepoints <= most ? this : new Cursor(statement, mask, text, outlives, most);
        }
    }

    private final Footprint footprint;
    private final Map<String, Cursor> cursors = new HashMap<>();

    Cursors(Footprint footprint) {
        this.footprint = footprint;
    }

    Optional<Cursor> cursor(String name) {
        return Optional.ofNullable(cursors.get(name));
    }

    void declared(String name, Cursor cursor) {
        closed(name);
        footprint.keep(cursor.text);
        cursors.put(name, cursor);
    }

    void closed(String name) {
        Cursor before = cursors.remove(name);
        if (before != null) {
            footprint.release(before.text);
        }
    }

    void allClosed() {
        end(cursor -> true);
    }

    /** Those WITH HOLD stay, whatever savepoints there were. */
    void transactionEnded() {
        end(cursor -> !cursor.outlives);
        released(0);
    }

    /** The transaction goes back to where it had so many savepoints. */
    void rolledBack(int savepoints) {
        end(cursor -> cursor.savepoints > savepoints);
    }

    /** What was declared after so many savepoints belongs to what is around them. */
    void released(int savepoints) {
        cursors.replaceAll((name, cursor) -> cursor.under(savepoints));
    }

    private void end(Predicate<Cursor> which) {
        if (cursors.isEmpty()) {
            return;
        }
        List<Cursor> over = cursors.values().stream().filter(which).toList();
        over.forEach(cursor -> footprint.release(cursor.text));
        cursors.values().removeIf(which);
    }
}
