package io.countersign.postgres;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the session that a CancelRequest means. The keys are the gateway's own: a target's never leave it. */
final class CancelKeys {

    /** @param secret never shown */
    record Key(int processId, byte[] secret) {
        @Override
        public String toString() {
            return "<secret>";
        }
    }

    private record Entry(Key key, PostgresSession session) {}

    private final SecureRandom random = new SecureRandom();
    private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();

    /** @param length in bytes: 4 in protocol 3.0, up to 256 in 3.2 */
    Key issue(PostgresSession session, int length) {
        byte[] secret = new byte[length];
        while (true) {
            random.nextBytes(secret);
            Key key = new Key(random.nextInt(Integer.MAX_VALUE), secret);
            if (entries.putIfAbsent(key.processId, new Entry(key, session)) == null) {
                return key;
            }
        }
    }

    void revoke(Key key) {
        entries.remove(key.processId);
    }

    /**
     * Cancels what the session does, if there is one with this key. Says nothing either way, as the server does.
     *
     * @return done once nothing that the session does later can be meant any more
     */
    CompletionStage<Void> cancel(int processId, byte[] secret) {
        Entry entry = entries.get(processId);
        return entry != null && MessageDigest.isEqual(entry.key.secret, secret)
                ? entry.session.cancel()
                : CompletableFuture.completedStage(null);
    }
}
