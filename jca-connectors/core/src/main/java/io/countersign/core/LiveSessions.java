package io.countersign.core;

import io.countersign.api.Digest;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The open sessions of one adapter, by their name: what the way back from the policy side looks up. */
public final class LiveSessions {

    private final Map<SessionId, LiveSession> byId = new ConcurrentHashMap<>();

    void add(LiveSession live) {
        byId.put(live.session().id(), live);
    }

    void remove(LiveSession live) {
        byId.remove(live.session().id(), live);
    }

    /** @see io.countersign.api.GatewayConnection#release */
    public boolean release(SessionId session, long command, Digest digest, Verdict verdict) {
        LiveSession live = byId.get(session);
        return live != null && live.release(command, digest, verdict);
    }

    /** @see io.countersign.api.GatewayConnection#end */
    public void end(SessionId session, String reason) {
        LiveSession live = byId.get(session);
        if (live != null) {
            live.end(reason);
        }
    }

    public void endAll(String reason) {
        List.copyOf(byId.values()).forEach(live -> live.end(reason));
    }

    public int size() {
        return byId.size();
    }
}
