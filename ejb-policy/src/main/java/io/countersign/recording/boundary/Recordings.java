package io.countersign.recording.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.Answer;
import io.countersign.api.Frame;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.recording.RecordingFile;
import io.countersign.recording.RecordingFile.Summary;
import io.countersign.recording.Tapes;
import io.countersign.session.SessionRow;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What was asked and answered in each session, as the client saw it. */
@ApplicationScoped
public class Recordings {

    /** More is not shown on a page or in one answer; the file itself has it all. */
    private static final long MOST_SHOWN = 16L << 20;

    /** They wait for the disk most of their time. */
    private static final int WRITERS = 4;

    @Inject
    private Adapters adapters;

    @Inject
    private JtaStore store;

    /** Threads for a pool of their own: the container's executor looks for what it calls a context anew for each piece of work. */
    @Resource
    private ManagedThreadFactory threads;

    @Inject
    @ConfigProperty(name = "countersign.data.dir", defaultValue = "countersign-data")
    private String data;

    private ExecutorService writers;
    private Tapes tapes;

    @PostConstruct
    void open() {
        writers = Executors.newFixedThreadPool(WRITERS, threads);
        tapes = new Tapes(folder(), writers);
    }

    /** What was handed over is still written. */
    @PreDestroy
    void end() {
        writers.shutdown();
        tapes.close();
    }

    /** Appends in the order of calls; completes when written. */
    public CompletionStage<Void> append(Session session, List<Frame> frames) {
        return tapes.append(session.id(), frames);
    }

    /** To be called several times a second: writes what has gathered. */
    public void turn() {
        tapes.turn();
    }

    /** Writes the rest; empty where nothing was ever recorded. */
    public CompletableFuture<Optional<Summary>> close(SessionId session) {
        return tapes.close(session);
    }

    /** The whole recording in words; empty where there is none (nothing was ever recorded, or it was removed). */
    public List<Answer> replay(String sessionId) {
        SessionId session = SessionId.parse(sessionId);
        Optional<String> protocol = store.aside(
                em -> Optional.ofNullable(em.find(SessionRow.class, sessionId)).map(SessionRow::protocol));
        if (protocol.isEmpty()) {
            return List.of();
        }
        try {
            List<Frame> frames = RecordingFile.read(RecordingFile.path(folder(), session), session, MOST_SHOWN)
                    .frames();
            return adapters.ask(protocol.get(), connection -> connection.transcribe(frames));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("the recording of session " + session + " cannot be read", e);
        }
    }

    /** The chunk file as it stands on disk. */
    public Optional<InputStream> raw(String sessionId) {
        try {
            return Optional.of(Files.newInputStream(RecordingFile.path(folder(), SessionId.parse(sessionId))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("the recording of session " + sessionId + " cannot be read", e);
        }
    }

    private Path folder() {
        return Path.of(data).resolve("recordings");
    }
}
