package io.countersign.ticket.boundary;

import io.countersign.api.Identity;
import io.countersign.ticket.TicketStanding;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One ticket as people read it; nothing of its secret is in it.
 *
 * @param holder   the delegation chain that it stands for, outermost first
 * @param lastUsed when it last opened a session
 * @param revoked  when it was revoked, with {@code why}
 * @param active   whether it works now
 */
public record TicketView(
        long id,
        List<Identity> holder,
        String protocol,
        String target,
        String reason,
        Instant made,
        Instant until,
        Optional<Instant> lastUsed,
        Optional<Instant> revoked,
        Optional<String> why,
        boolean active) {

    public TicketView {
        holder = List.copyOf(holder);
    }

    static TicketView of(TicketStanding ticket, Instant now) {
        return new TicketView(
                ticket.id(),
                ticket.holder().links(),
                ticket.protocol(),
                ticket.target(),
                ticket.reason(),
                ticket.made(),
                ticket.until(),
                ticket.lastUsed(),
                ticket.revoked(),
                ticket.why(),
                ticket.active(now));
    }
}
