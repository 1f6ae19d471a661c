package io.countersign.postgres;

import io.countersign.postgres.message.ReadyForQuery.Status;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.snapshot.Snapshot;
import io.countersign.postgres.snapshot.Snapshots;
import io.countersign.postgres.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What a session knows of its target's catalogue: nothing unless the policy has the target asked; otherwise what was true before
 * its last command, so that whoever makes a view is judged by it from then on. Confined to the session's event loop.
 */
final class SnapshotWatch {

    /** What they make is neither a view nor a function. */
    private static final Set<String> NEITHER = Set.of(
            "CREATE TABLE",
            "CREATE TABLE AS",
            "CREATE INDEX",
            "CREATE SEQUENCE",
            "CREATE STATISTICS",
            "CREATE ROLE",
            "CREATE TRIGGER",
            "ALTER SEQUENCE",
            "ALTER INDEX",
            "ALTER ROLE",
            "ALTER SYSTEM");

    private final @Nullable Snapshots snapshots;
    private final Duration refresh;
    private final Executor loop;
    private final Runnable goOn;

    private boolean waiting;
    private boolean changing;
    private long change;

    /**
     * @param snapshots null where the target is not asked
     * @param goOn      run once what was awaited is known
     */
    SnapshotWatch(@Nullable Snapshots snapshots, Duration refresh, Executor loop, Runnable goOn) {
        this.snapshots = snapshots;
        this.refresh = refresh;
        this.loop = loop;
        this.goOn = goOn;
    }

    /** Whether a command can be judged now; where not, it can as soon as the target has answered or failed to. */
    boolean settled() {
        Snapshots asked = snapshots;
        if (asked == null) {
            return true;
        }
        if (!waiting && asked.owes(refresh, change)) {
            waiting = true;
            asked.load()
                    .thenRun(() -> loop.execute(() -> {
                        waiting = false;
                        goOn.run();
                    }));
        }
        return !waiting;
    }

    Known known() {
        return snapshots == null ? Known.UNASKED : snapshots.known(refresh);
    }

    /** For a command that was judged long ago: nobody has asked since, and that alone changes nothing. */
    Known newest() {
        return snapshots == null ? Known.UNASKED : snapshots.newest();
    }

    /** Whether a change of the session's schemas could change which functions a statement calls. */
    boolean ambiguous(Statement statement) {
        return known() instanceof Known.Taken(Snapshot snapshot) && snapshot.ambiguous(statement);
    }

    /** A statement was carried out; others see what it has changed once its transaction has ended. */
    void carriedOut(List<Statement> statements, int place) {
        if (snapshots != null && place < statements.size()) {
            String kind = statements.get(place).kind();
            changing |= (kind.startsWith("CREATE ") || kind.startsWith("ALTER ")) && !NEITHER.contains(kind);
        }
    }

    void ready(Status status) {
        if (changing && snapshots != null && status == Status.IDLE) {
            changing = false;
            change = snapshots.changed();
        }
    }
}
