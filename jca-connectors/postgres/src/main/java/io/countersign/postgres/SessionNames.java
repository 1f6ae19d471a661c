package io.countersign.postgres;

import io.countersign.api.Mask;
import io.countersign.api.Obligation;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.LiveSession;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.sql.Statement;
import io.countersign.postgres.sql.Statement.SessionName;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the session's own names mean: prepared statements, cursors and portals, as the target has them once it has carried
 * out what was forwarded (54.2.3). Confined to the session's event loop.
 */
final class SessionNames implements PostgresEffects.Names {

    /**
     * @param mask       of the command that declared it
     * @param outlives   its transaction, by WITH HOLD
     * @param savepoints of its transaction that were set when it was declared
     */
    private record Cursor(Statement statement, AnswerMask mask, boolean outlives, int savepoints) {

        Cursor under(int most) {
            return savepoints <= most ? this : new Cursor(statement, mask, outlives, most);
        }
    }

    private static final Logger LOG = System.getLogger(SessionNames.class.getName());

    private static final Report FULL = Report.error(
                    "54000",
                    "the prepared statements and portals of this session take " + (Footprint.MOST >> 20)
                            + " MiB, and this gateway keeps no more of one session")
            .hint("Close some of them: by Close, or by DEALLOCATE.");

    private final LiveSession live;
    private final Counters counters;
    private final Footprint footprint = new Footprint();
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Map<String, Cursor> cursors = new HashMap<>();
    private final Map<String, Portal> portals = new HashMap<>();
    private final List<String> savepoints = new ArrayList<>();
    private boolean told;

    SessionNames(LiveSession live, Counters counters) {
        this.live = live;
        this.counters = counters;
    }

    @Override
    public Optional<Statement> prepared(String name) {
        Prepared prepared = statements.get(name);
        return prepared == null || prepared.reading.statements().size() != 1
                ? Optional.empty()
                : Optional.of(prepared.reading.statements().getFirst());
    }

    @Override
    public Optional<Statement> cursor(String name) {
        Portal portal = portals.get(name);
        if (portal != null) {
            return portal.prepared.reading.statements().stream().findFirst();
        }
        return Optional.ofNullable(cursors.get(name)).map(Cursor::statement);
    }

    /** A permit of a command, with the masks of those whose cursors and portals it fetches from. */
    Verdict.Permit masked(Verdict.Permit permit, Reading reading) {
        List<Mask> masks = new ArrayList<>();
        for (Statement statement : reading.statements()) {
            if (statement.names() instanceof SessionName.Fetches(String name)) {
                Portal portal = portals.get(name);
                Cursor cursor = cursors.get(name);
                masks.addAll((portal != null ? portal.mask : cursor != null ? cursor.mask : AnswerMask.NONE).masks());
            }
        }
        if (masks.isEmpty()) {
            return permit;
        }
        List<Obligation> obligations = new ArrayList<>(permit.obligations());
        obligations.add(new Obligation.MaskAnswer(masks));
        return new Verdict.Permit(obligations);
    }

    @Nullable
    Prepared statement(String name) {
        return statements.get(name);
    }

    @Nullable
    Portal portal(String name) {
        return portals.get(name);
    }

    /** Whether a statement of this text can be kept by this name. */
    boolean fits(String name, String text) {
        return name.isEmpty() || footprint.fits(text.length());
    }

    boolean fits(Portal portal) {
        return portal.isUnnamed() || footprint.fits(portal);
    }

    /** Whether what a command would PREPARE can be kept. */
    boolean fits(Reading reading) {
        return footprint.fits(reading.text().length())
                || reading.statements().stream()
                        .noneMatch(statement -> statement.names() instanceof SessionName.Prepares);
    }

    /** Why something that does not fit is refused. */
    Report full() {
        counters.up(Counter.STATEMENTS_REFUSED_TOTAL);
        if (!told) {
            told = true;
            LOG.log(
                    Level.WARNING,
                    "session {0} from {1}: {2}",
                    live.session().id(),
                    live.session().client(),
                    FULL.message());
        }
        return FULL;
    }

    /** @param prepared null where the name means nothing any more */
    void named(String name, @Nullable Prepared prepared) {
        Prepared before = prepared == null ? statements.remove(name) : statements.put(name, prepared);
        if (!name.isEmpty()) {
            if (prepared != null) {
                footprint.keep(prepared);
            }
            if (before != null) {
                footprint.release(before);
            }
        }
    }

    /** @return what it meant */
    @Nullable
    Prepared closeStatement(String name) {
        Prepared before = statements.get(name);
        named(name, null);
        return before;
    }

    /** Whether it makes or takes names, so that nobody knows what they mean before it is answered. */
    static boolean changes(Statement statement) {
        return switch (statement.names()) {
            case SessionName.Prepares prepares -> true;
            case SessionName.Deallocates deallocates -> true;
            case SessionName.Declares declares -> true;
            case SessionName.Closes closes -> true;
            case SessionName.Savepoint savepoint -> true;
            case SessionName.Executes executes -> false;
            case SessionName.Fetches fetches -> false;
            case SessionName.None none -> endsTransaction(statement);
        };
    }

    private static boolean endsTransaction(Statement statement) {
        return switch (statement.kind()) {
            case "COMMIT", "ROLLBACK", "PREPARE TRANSACTION" -> true;
            default -> false;
        };
    }

    void bound(String name, Portal portal) {
        portal.savepoints = savepoints.size();
        Portal before = portals.put(name, portal);
        if (!portal.isUnnamed()) {
            footprint.keep(portal);
        }
        if (before != null) {
            abandon(before);
        }
    }

    void closePortal(String name) {
        Portal portal = portals.remove(name);
        if (portal != null) {
            abandon(portal);
        }
    }

    /** The Bind that was to make it has failed, or was ignored. */
    void unbound(Portal portal) {
        if (portals.remove(portal.bind.portal(), portal)) {
            abandon(portal);
        }
    }

    /** Portals end with their transaction, and so do cursors that are not WITH HOLD. */
    void transactionEnded() {
        portals.values().forEach(this::abandon);
        portals.clear();
        savepoints.clear();
        cursors.values().removeIf(cursor -> !cursor.outlives);
        cursors.replaceAll((name, cursor) -> cursor.under(0));
    }

    /** A statement of a simple query, or the only one of an Execute, was carried out: names it made or took are known. */
    void carriedOut(Running running, int place) {
        List<Statement> parts = running.reading.statements();
        if (place >= parts.size()) {
            return;
        }
        switch (parts.get(place).names()) {
            case SessionName.Prepares(String name, Statement inner) ->
                named(name, new Prepared(running.reading.inner(inner), List.of(), textOf(running)));
            case SessionName.Deallocates(Optional<String> name) ->
                name.map(List::of)
                        .orElseGet(() -> List.copyOf(statements.keySet()))
                        .forEach(one -> named(one, null));
            case SessionName.Declares(String name, boolean outlives) -> {
                // While there is a portal by this name, the target makes no cursor.
                closePortal(name);
                cursors.put(name, new Cursor(parts.get(place), running.mask, outlives, savepoints.size()));
            }
            case SessionName.Closes(Optional<String> name) -> name.ifPresentOrElse(this::closed, this::allClosed);
            case SessionName.Savepoint(String name) ->
                savepoint(parts.get(place).kind(), name);
            case SessionName.None none -> {
                if (endsTransaction(parts.get(place))) {
                    transactionEnded();
                }
            }
            case SessionName.Executes executes -> {}
            case SessionName.Fetches fetches -> {}
        }
    }

    private void closed(String name) {
        cursors.remove(name);
        closePortal(name);
    }

    private void allClosed() {
        cursors.clear();
        portals.values().forEach(this::abandon);
        portals.clear();
    }

    /** What was made after a savepoint goes when the transaction goes back there, and belongs to what is around it otherwise. */
    private void savepoint(String kind, String name) {
        if (kind.equals("SAVEPOINT")) {
            savepoints.add(name);
            return;
        }
        int place = savepoints.lastIndexOf(name);
        if (place < 0) {
            allClosed();
        } else if (kind.equals("RELEASE")) {
            portals.values().forEach(portal -> portal.savepoints = Math.min(portal.savepoints, place));
            cursors.replaceAll((each, cursor) -> cursor.under(place));
            savepoints.subList(place, savepoints.size()).clear();
        } else {
            cursors.values().removeIf(cursor -> cursor.savepoints > place);
            portals.values().stream()
                    .filter(portal -> portal.savepoints > place)
                    .forEach(this::abandon);
            portals.values().removeIf(portal -> portal.savepoints > place);
            savepoints.subList(place + 1, savepoints.size()).clear();
        }
    }

    /** Statements prepared by one text keep it once. */
    private static Footprint.Text textOf(Running running) {
        Footprint.Text text = running.prepared;
        if (text == null) {
            text = new Footprint.Text(running.reading.text());
            running.prepared = text;
        }
        return text;
    }

    /** Nobody will fetch the rest of a portal that is gone: the command that runs it is through. */
    private void abandon(Portal portal) {
        if (!portal.isUnnamed()) {
            footprint.release(portal);
        }
        Running running = portal.suspended;
        portal.suspended = null;
        if (running != null && !running.finished) {
            running.detail = "suspended";
            running.finished = true;
            live.finished(
                    running.number,
                    running.status,
                    running.detail,
                    running.rows,
                    running.bytes,
                    Duration.ofNanos(running.nanos()));
        }
    }
}
