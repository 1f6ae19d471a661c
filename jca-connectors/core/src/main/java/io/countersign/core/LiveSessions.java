package io.countersign.core;

import io.countersign.api.Digest;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The open sessions of one adapter, by their name: what the way back from the policy side looks up. */
public final class LiveSessions {

    private final Map<SessionId, LiveSession> byId = new ConcurrentHashMap<>();

    void add(LiveSession live) {
        byId.put(live.session().id(), live);
    }

    synchronized void remove(LiveSession live) {
        byId.remove(live.session().id(), live);
        notifyAll();
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

    /**
     * Ends every session and waits until the policy side has been told so of each, or for so long.
     *
     * @return how many have not ended by then
     */
    public synchronized int endAll(String reason, Duration patience) {
        List.copyOf(byId.values()).forEach(live -> live.end(reason));
        long until = System.nanoTime() + patience.toNanos();
        try {
            for (long left = patience.toNanos(); left > 0 && !byId.isEmpty(); left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return byId.size();
    }

    public int size() {
        return byId.size();
    }
}
