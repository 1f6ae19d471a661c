package io.countersign.grant;

import io.countersign.api.DelegationChain;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a grant stands at one moment.
 *
 * @param request  the approval request that grants it, or the review that follows it
 * @param holder   who may use it: this very delegation chain and no other
 * @param duration how long it lasts once it begins
 * @param session  where only one session may use it, and it ends with that
 * @param since    when it began; empty while it waits, or where it was never granted
 * @param until    when it ends at the latest
 * @param why      why it ended
 */
public record GrantStanding(
        long id,
        Kind kind,
        long request,
        DelegationChain holder,
        String target,
        String duty,
        String reason,
        Duration duration,
        Optional<String> session,
        Instant asked,
        Optional<Instant> since,
        Optional<Instant> until,
        Optional<Instant> ended,
        Optional<String> why) {

    /** How it came about. */
    public enum Kind {
        /** Others approved it. */
        GRANT,
        /** Its holder took it in an emergency; others review it. */
        BREAK_GLASS
    }

    /** Whether it can be used now. */
    public boolean active(Instant now) {
        return ended.isEmpty() && until.isPresent() && now.isBefore(until.get());
    }

    /** For people: {@code grant 7 (duty fix-orders on shop)}. */
    public String described() {
        return (kind == Kind.GRANT ? "grant " : "break-glass ") + id + " (duty " + duty + " on " + target + ")";
    }
}
