package io.countersign.ticket;

import io.countersign.api.DelegationChain;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a ticket stands at one moment. Nothing of its secret is in it.
 *
 * @param holder     whom it stands for: the whole delegation chain, with the groups of when it was made
 * @param by         how whoever made it had shown who they are
 * @param proofUntil when that proves nothing any more; {@code until} is not later
 * @param revoked    when it was revoked, if it was
 * @param why        why it was
 */
public record TicketStanding(
        long id,
        DelegationChain holder,
        Proof.Way by,
        String protocol,
        String target,
        String reason,
        Instant made,
        Instant until,
        Instant proofUntil,
        Optional<Instant> lastUsed,
        Optional<Instant> revoked,
        Optional<String> why) {

    /** Whether it works now. */
    public boolean active(Instant now) {
        return revoked.isEmpty() && now.isBefore(until);
    }

    /**
     * Why it does not sign in there, one sentence; empty where it does.
     *
     * @param longest how long the policy in force lets tickets for its own target last: what it shortens, it shortens at once
     */
    public Optional<String> against(String protocol, String target, Duration longest, Instant now) {
        if (revoked.isPresent()) {
            return Optional.of("Ticket " + id + " has been revoked.");
        }
        if (!now.isBefore(until)) {
            return Optional.of("Ticket " + id + " has expired.");
        }
        if (!this.protocol.equals(protocol) || !this.target.equals(target)) {
            return Optional.of("Ticket " + id + " is for target " + this.target + " and for no other.");
        }
        return now.isBefore(made.plus(longest))
                ? Optional.empty()
                : Optional.of("Ticket " + id + " is older than the policy now lets tickets for " + target + " be.");
    }

    /** For people: {@code ticket 7 (alice on shop)}. */
    public String described() {
        return "ticket " + id + " (" + holder.described() + " on " + target + ")";
    }
}
