package io.countersign.approval;

import io.countersign.identity.People;
import java.time.Instant;

/**
 * What decides about a vote beside the voter and the request: as it is when somebody wants to vote, not as it was when the
 * command was held.
 *
 * @param people   who is who by the policy in force
 * @param pending  how many other requests that the voter has approved still wait for others
 * @param today    what the policy in force says of the command
 */
public record Circumstances(People people, Instant now, int pending, Today today) {

    /** Under the policy that held the command. */
    public Circumstances(People people, Instant now, int pending) {
        this(people, now, pending, Today.SAME);
    }

    public Circumstances {
        if (pending < 0) {
            throw new IllegalArgumentException("nobody has approved fewer than no requests");
        }
    }
}
