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

    private static final Logger LOG = System.getLogger(SessionNames.class.getName());

    private static final Report FULL = Report.error(
                    "54000",
                    "the prepared statements, portals, cursors and savepoints of this session take "
                            + (Footprint.MOST >> 20) + " MiB, and this gateway keeps no more of one session")
            .hint("Close some of them: by Close, DEALLOCATE, CLOSE or RELEASE, or by ending the transaction.");

    private final LiveSession live;
    private final Counters counters;
    private final Footprint footprint = new Footprint();
    private final Map<String, Prepared> statements = new HashMap<>();
    private final Cursors cursors = new Cursors(footprint);
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
        return cursors.cursor(name).map(Cursors.Cursor::statement);
    }

    /** A permit of a command, with the masks of those whose cursors and portals it fetches from. */
    Verdict.Permit masked(Verdict.Permit permit, Reading reading) {
        List<Mask> masks = new ArrayList<>();
        for (Statement statement : reading.statements()) {
            if (statement.names() instanceof SessionName.Fetches(String name)) {
                Portal portal = portals.get(name);
                AnswerMask mask = portal != null
                        ? portal.mask
                        : cursors.cursor(name).map(Cursors.Cursor::mask).orElse(AnswerMask.NONE);
                masks.addAll(mask.masks());
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
        return name.isEmpty()
                ? footprint.fits(text.length(), statements.get(""))
                : footprint.fits(Footprint.EACH + text.length());
    }

    boolean fits(Portal portal) {
        return portal.isUnnamed() ? footprint.fits(portal, portals.get("")) : footprint.fits(portal);
    }

    /** Whether what a command would make of statements, cursors and savepoints can be kept. */
    boolean fits(Reading reading) {
        int named = 0;
        int points = 0;
        for (Statement statement : reading.statements()) {
            switch (statement.names()) {
                case SessionName.Prepares prepares -> named++;
                case SessionName.Declares declares -> named++;
                case SessionName.Savepoint savepoint when statement.kind().equals("SAVEPOINT") -> points++;
                default -> {}
            }
        }
        return named + points == 0
                || footprint.fits((long) named * Footprint.EACH
                        + (named > 0 ? reading.text().length() : 0)
                        + (long) points * Footprint.SAVEPOINT);
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
        if (prepared != null) {
            footprint.keep(prepared.text);
        }
        if (before != null) {
            footprint.release(before.text);
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
        footprint.keep(portal);
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
        forget(0);
        cursors.transactionEnded();
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
                cursors.declared(
                        name,
                        new Cursors.Cursor(
                                parts.get(place), running.mask, textOf(running), outlives, savepoints.size()));
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
        cursors.closed(name);
        closePortal(name);
    }

    private void allClosed() {
        cursors.allClosed();
        portals.values().forEach(this::abandon);
        portals.clear();
    }

    /** What was made after a savepoint goes when the transaction goes back there, and belongs to what is around it otherwise. */
    private void savepoint(String kind, String name) {
        if (kind.equals("SAVEPOINT")) {
            savepoints.add(name);
            footprint.savepoints(1);
            return;
        }
        int place = savepoints.lastIndexOf(name);
        if (place < 0) {
            allClosed();
        } else if (kind.equals("RELEASE")) {
            portals.values().forEach(portal -> portal.savepoints = Math.min(portal.savepoints, place));
            cursors.released(place);
            forget(place);
        } else {
            cursors.rolledBack(place);
            portals.values().stream()
                    .filter(portal -> portal.savepoints > place)
                    .forEach(this::abandon);
            portals.values().removeIf(portal -> portal.savepoints > place);
            forget(place + 1);
        }
    }

    /** The savepoints from this place on are gone. */
    private void forget(int place) {
        footprint.savepoints(place - savepoints.size());
        savepoints.subList(place, savepoints.size()).clear();
    }

    /** Statements prepared and cursors declared by one text keep it once. */
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
        footprint.release(portal);
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
