package io.countersign.recording;

import io.countersign.api.Frame;
import io.countersign.api.SessionId;
import io.countersign.recording.RecordingFile.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One running session's recording: takes frames from an event loop and writes them elsewhere, in order, gathered into
 * chunks. Once writing failed it takes nothing more, so that nobody believes in a recording with a hole.
 */
final class Tape {

    /**
     * Bytes that are written at once, without waiting for the next turn. To force less to disk costs as much: what comes
     * while that goes on waits until it is so much, too.
     */
    private static final int PLENTY = 1024 * 1024;

    private final SessionId session;
    private final Path path;
    private final Executor writers;
    private final Packers packers;

    private List<Frame> gathered = new ArrayList<>();
    private int gatheredBytes;
    private CompletableFuture<Void> written = new CompletableFuture<>();
    private boolean writing;
    private boolean due;
    private boolean closing;
    private @Nullable IOException failure;
    private final CompletableFuture<Optional<Summary>> closed = new CompletableFuture<>();

    /** Only the one writer of the moment touches it. */
    private @Nullable RecordingFile file;

    Tape(SessionId session, Path path, Executor writers, Packers packers) {
        this.session = session;
        this.path = path;
        this.writers = writers;
        this.packers = packers;
    }

    /** Completes once on disk. */
    synchronized CompletableFuture<Void> append(List<Frame> frames) {
        if (failure != null || closing) {
            return CompletableFuture.failedFuture(
                    failure == null ? new IOException("the recording of session " + session + " is closed") : failure);
        }
        if (frames.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        gathered.addAll(frames);
        for (Frame frame : frames) {
            gatheredBytes += frame.bytes().length;
        }
        CompletableFuture<Void> stage = written;
        if (gatheredBytes >= PLENTY) {
            start();
        }
        return stage;
    }

    /** Has all written that has gathered, even if it is little. */
    synchronized void write() {
        due = true;
        start();
    }

    private void start() {
        if (!writing && (!gathered.isEmpty() || closing)) {
            writing = true;
            writers.execute(this::drain);
        }
    }

    /** Writes the rest. Empty where nothing was ever recorded. */
    synchronized CompletableFuture<Optional<Summary>> close() {
        closing = true;
        write();
        return closed;
    }

    private void drain() {
        Packer packer = packers.take();
        try {
            drain(packer);
        } finally {
            packers.giveBack(packer);
        }
    }

    private void drain(Packer packer) {
        while (true) {
            List<Frame> frames;
            CompletableFuture<Void> stage;
            synchronized (this) {
                boolean enough = closing ? !closed.isDone() : due && !gathered.isEmpty() || gatheredBytes >= PLENTY;
                if (!enough) {
                    writing = false;
                    return;
                }
                due = false;
                frames = gathered;
                stage = written;
                gathered = new ArrayList<>();
                gatheredBytes = 0;
                written = new CompletableFuture<>();
            }
            if (frames.isEmpty()) {
                finish();
                return;
            }
            try {
                if (file == null) {
                    file = RecordingFile.create(path, session);
                }
                file.append(frames, packer);
                stage.complete(null);
            } catch (IOException e) {
                fail(e, stage);
                return;
            } catch (RuntimeException e) {
                // Whoever records would wait for ever, and with them the session and its end.
                fail(new IOException("the recording of session " + session + " cannot be written", e), stage);
                return;
            }
        }
    }

    private void finish() {
        try {
            if (file == null) {
                closed.complete(Optional.empty());
            } else {
                Summary summary = file.summary();
                file.close();
                closed.complete(Optional.of(summary));
            }
        } catch (IOException e) {
            closed.completeExceptionally(e);
        }
    }

    private void fail(IOException cause, CompletableFuture<Void> stage) {
        CompletableFuture<Void> next;
        synchronized (this) {
            failure = cause;
            next = written;
            gathered = new ArrayList<>();
            gatheredBytes = 0;
            writing = false;
        }
        stage.completeExceptionally(cause);
        next.completeExceptionally(cause);
        closed.completeExceptionally(cause);
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
