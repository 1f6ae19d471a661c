package io.countersign.policy;

import io.countersign.api.Target;
import java.time.Duration;
import java.util.Map;

/**
 * How long tickets last: the policy's {@code tickets}, and what its targets say.
 *
 * @param longest  everywhere
 * @param byTarget by protocol and name; the shorter of both counts
 */
record Ticketing(Duration longest, Map<String, Duration> byTarget) {

    static final Duration USUAL = Duration.ofHours(1);
    static final Duration MOST = Duration.ofHours(24);

    Ticketing {
        byTarget = Map.copyOf(byTarget);
    }

    Duration longest(Target target) {
        Duration own = byTarget.getOrDefault(target.protocol() + " " + target.name(), longest);
        return own.compareTo(longest) < 0 ? own : longest;
    }
}
