package io.countersign.security;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Slows down whoever guesses passwords (OWASP ASVS 4.0 §2.2.1): after {@value #FAILURES} failures in a row an account
 * name rests for {@link #REST}. Names that do not exist count alike, so the pause betrays nothing.
 */
final class SignInThrottle {

    static final int FAILURES = 5;
    static final Duration REST = Duration.ofSeconds(30);

    /** Names remembered at once; the one longest unused is forgotten first. */
    private static final int NAMES = 10_000;

    private final Clock clock;
    private final Map<String, Failures> byName = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > NAMES;
        }
    };

    SignInThrottle(Clock clock) {
        this.clock = clock;
    }

    /**
     * Whether an attempt for this name may be made now. One that may counts as failed until it has {@linkplain #succeeded
     * succeeded}: looking at a password takes a while, and many that come together must not all be looked at.
     */
    synchronized boolean attempt(String name) {
        Failures failures = byName.get(name);
        boolean open = failures == null
                || failures.count() < FAILURES
                || !clock.instant().isBefore(failures.last().plus(REST));
        if (open) {
            byName.put(name, new Failures(failures == null ? 1 : failures.count() + 1, clock.instant()));
        }
        return open;
    }

    synchronized void succeeded(String name) {
        byName.remove(name);
    }

    private record Failures(int count, Instant last) {}
}
