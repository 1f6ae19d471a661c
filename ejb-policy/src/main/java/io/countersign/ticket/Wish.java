package io.countersign.ticket;

import io.countersign.api.DelegationChain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A ticket that somebody wants, and whether there is one for them: pure functions over the policy's terms and the time.
 *
 * @param holder for whom: this very delegation chain
 * @param reason why; may be empty
 * @param lasts  as long as there may be where it is empty
 */
public record Wish(
        DelegationChain holder, String protocol, String target, String reason, Optional<Duration> lasts, Proof proof) {

    /** Tickets that one account may have at a time: enough for every client, too few to fill a store. */
    static final long MOST_LIVE = 50;

    /**
     * Every reason against it, each one sentence; empty where it may be had.
     *
     * @param longest the policy's bound for this target; zero where it has no tickets
     * @param live    how many that work the origin of the chain stands in
     */
    public List<String> against(Duration longest, long live, Instant now) {
        List<String> reasons = new ArrayList<>();
        if (longest.isZero()) {
            reasons.add("The policy has no tickets for target " + target + ".");
        } else if (lasts.filter(time -> time.compareTo(longest) > 0).isPresent()) {
            reasons.add("A ticket for target " + target + " lasts " + words(longest) + " at the longest.");
        }
        if (proof.bound()) {
            reasons.add(
                    "The token is bound to a key, and a ticket would be bound to none: sign in with the token itself.");
        }
        if (!now.isBefore(proof.until())) {
            reasons.add("What you have signed in with has expired. Sign in again.");
        }
        if (live >= MOST_LIVE) {
            reasons.add(holder.origin().name() + " has " + live
                    + " tickets that work, as many as there may be. Revoke one.");
        }
        return reasons;
    }

    /** Until when it works: never longer than what proved who asks for it. */
    Instant until(Duration longest, Instant now) {
        Instant end = now.plus(lasts.orElse(longest));
        return end.isBefore(proof.until()) ? end : proof.until();
    }

    private static String words(Duration time) {
        return time.toSeconds() % 3_600 == 0
                ? time.toHours() + " h"
                : time.toSeconds() % 60 == 0 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
}
