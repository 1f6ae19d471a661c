package io.countersign.security;

import io.countersign.api.Digest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers assertions that have signed somebody in, as long as they could do so again (SAML 2.0 Profiles §4.1.4.5). Of this
 * gateway only: elsewhere nobody asked what they answer.
 */
final class UsedAssertions {

    /** Remembered at once; while there are so many, no other is accepted. Only what a provider has signed counts. */
    private static final int MOST = 100_000;

    /** Until when each is remembered. */
    private final Map<Digest, Instant> used = new LinkedHashMap<>();

    private final int most;

    UsedAssertions() {
        this(MOST);
    }

    UsedAssertions(int most) {
        this.most = most;
    }

    /** @throws SignInRefused if it was used, or nobody can tell */
    synchronized void use(String id, Instant until, Instant now) throws SignInRefused {
        for (Iterator<Instant> each = used.values().iterator(); each.hasNext(); ) {
            if (each.next().isBefore(now)) {
                each.remove();
            }
        }
        if (used.containsKey(key(id))) {
            throw new SignInRefused("The assertion was used before.");
        }
        if (used.size() >= most) {
            throw new SignInRefused("Too many people sign in to tell whether the assertion was used before.");
        }
        used.put(key(id), until);
    }

    private static Digest key(String id) {
        return Digest.of(id.getBytes(StandardCharsets.UTF_8));
    }
}
