package io.countersign.session;

import io.countersign.api.SessionId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Makes session ids: UUID version 7 (RFC 9562 §5.7), ordered by time and not to be guessed. */
public final class SessionIds {

    private static final SecureRandom RANDOM = new SecureRandom();

    private SessionIds() {}

    public static SessionId next(Instant now) {
        long version7 = 0x7000L | RANDOM.nextInt(1 << 12);
        long variant = 0x8000_0000_0000_0000L | RANDOM.nextLong() >>> 2;
        return new SessionId(new UUID(now.toEpochMilli() << 16 | version7, variant));
    }
}
