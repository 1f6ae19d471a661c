package io.countersign.console.queue;

import io.countersign.approval.RequestChanged;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.faces.push.Push;
import jakarta.faces.push.PushContext;
import jakarta.inject.Inject;
import java.util.Map;

/**
 * Tells open pages that a request changed, and not how: what they may see of it, they ask with their own rights (Faces
 * 4.0 §13.5).
 */
@ApplicationScoped
public class QueuePush {

    /** The channel's name in the pages. */
    static final String CHANNEL = "requests";

    @Inject
    @Push(channel = CHANNEL)
    private PushContext pages;

    void changed(@Observes RequestChanged event) {
        pages.send(Map.of("request", event.id()));
    }
}
