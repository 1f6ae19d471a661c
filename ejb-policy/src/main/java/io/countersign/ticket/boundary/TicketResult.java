package io.countersign.ticket.boundary;

import io.countersign.api.Secret;
import io.countersign.ticket.ConnectionHint;
import java.util.List;

/** What became of a wish for a ticket, or for the end of one. */
public sealed interface TicketResult {

    /** @param secret what clients give as password; it is told this once and kept nowhere */
    record Issued(TicketView ticket, Secret secret, ConnectionHint connect) implements TicketResult {}

    /** As it stands now. */
    record Done(TicketView ticket) implements TicketResult {}

    /** @param reasons every reason why not, each one sentence */
    record Refused(List<String> reasons) implements TicketResult {

        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** The question itself is wrong: there is no such target or time. */
    record Wrong(String reason) implements TicketResult {}

    record NotFound() implements TicketResult {}
}
