package io.countersign.recording;

import io.countersign.api.Frame;
import io.countersign.api.SessionId;
import io.countersign.recording.RecordingFile.Summary;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** The recordings of all running sessions. */
public final class Tapes implements AutoCloseable {

    private final Path folder;
    private final Executor writers;
    private final Packers packers = new Packers();
    private final Map<SessionId, Tape> running = new ConcurrentHashMap<>();

    /** @param writers a few threads that may wait for the disk */
    public Tapes(Path folder, Executor writers) {
        this.folder = folder;
        this.writers = writers;
    }

    /** Completes once on disk: within about the time between two turns. */
    public CompletableFuture<Void> append(SessionId session, List<Frame> frames) {
        return running.computeIfAbsent(session, id -> new Tape(id, RecordingFile.path(folder, id), writers, packers))
                .append(frames);
    }

    /** To be called several times a second: writes what has gathered since. */
    public void turn() {
        running.values().forEach(Tape::write);
    }

    /** Writes the rest of a recording; empty where nothing was ever recorded. */
    public CompletableFuture<Optional<Summary>> close(SessionId session) {
        Tape tape = running.remove(session);
        return tape == null ? CompletableFuture.completedFuture(Optional.empty()) : tape.close();
    }

    /** Gives back memory that is kept for chunks to come; what still runs is written all the same. */
    @Override
    public void close() {
        packers.close();
    }
}
