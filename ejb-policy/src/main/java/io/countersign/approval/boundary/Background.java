package io.countersign.approval.boundary;

import io.countersign.approval.RequestChanged;
import io.countersign.approval.State;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does what follows a change of a request, on a few threads: the container's own executor starts one more for each task that
 * finds the others busy, which in a burst is one for each held command.
 */
@ApplicationScoped
public class Background {

    private static final Logger LOG = System.getLogger(Background.class.getName());

    private static final int PROMPT = 2;

    /** They wait for the store most of their time. */
    private static final int PATIENT = 4;

    @Resource
    private ManagedThreadFactory threads;

    @Inject
    private Event<RequestChanged> changed;

    private ExecutorService prompt;
    private ExecutorService patient;

    @PostConstruct
    void open() {
        prompt = Executors.newFixedThreadPool(PROMPT, threads);
        patient = Executors.newFixedThreadPool(PATIENT, threads);
    }

    /** What was handed over is still done. */
    @PreDestroy
    void end() {
        prompt.shutdown();
        patient.shutdown();
    }

    /**
     * For what never waits: those who voted, and the sessions that are let go, wait for it. Refuses tasks once the application
     * has ended.
     */
    public Executor prompt() {
        return task -> prompt.execute(said(task));
    }

    /** For what may wait, for the ledger or for {@link #prompt}, and nobody waits for. Refuses tasks as that does. */
    public Executor patient() {
        return task -> patient.execute(said(task));
    }

    /** For after commit. Observers may take their time; whoever decides does not wait for them. */
    public void announce(long request, State state) {
        patient().execute(() -> changed.fire(new RequestChanged(request, state)));
    }

    private static Runnable said(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "what follows a change of a request failed; the change itself is made", e);
            }
        };
    }
}
