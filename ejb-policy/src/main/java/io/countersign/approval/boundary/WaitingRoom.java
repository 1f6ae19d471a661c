package io.countersign.approval.boundary;

import io.countersign.api.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The held commands that wait in this process, found by where they wait and by their requests. For any thread. */
final class WaitingRoom {

    private record Place(SessionId session, long command) {}

    private final Map<Place, Waiting> byPlace = new ConcurrentHashMap<>();
    private final Map<Long, Waiting> byRequest = new ConcurrentHashMap<>();

    void enter(Waiting waiting) {
        byPlace.put(place(waiting), waiting);
    }

    /** Its request has this number; another one than before where the transaction was repeated. */
    void numbered(Waiting waiting, long request) {
        byRequest.remove(waiting.request);
        waiting.request = request;
        byRequest.put(request, waiting);
    }

    /** @return whether it was still there */
    boolean leave(Waiting waiting) {
        byRequest.remove(waiting.request, waiting);
        return byPlace.remove(place(waiting), waiting);
    }

    @Nullable
    Waiting of(long request) {
        return byRequest.get(request);
    }

    @Nullable
    Waiting at(SessionId session, long command) {
        return byPlace.get(new Place(session, command));
    }

    List<Waiting> of(SessionId session) {
        return byPlace.values().stream()
                .filter(waiting -> place(waiting).session().equals(session))
                .toList();
    }

    /** Those that have a request and are to be ended now. */
    List<Waiting> due(Instant now) {
        return byRequest.values().stream().filter(waiting -> waiting.due(now)).toList();
    }

    private static Place place(Waiting waiting) {
        return new Place(waiting.command.session().id(), waiting.command.number());
    }
}
