package io.countersign.ticket;

import io.countersign.api.Secret;
import java.util.regex.Pattern;

/**
 * Where and how a client connects with a ticket.
 *
 * @param database what the client asks for: the target's name
 * @param user     what it calls itself; the ticket says who it is
 * @param tls      whether nothing but TLS is taken, so that a client need not try without
 */
public record ConnectionHint(String host, int port, String database, String user, boolean tls) {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._@:/-]+");

    /** A line for a shell (POSIX.1-2017 §2.2.2) that starts psql with the ticket. */
    public String psql(Secret ticket) {
        return "PGPASSWORD=" + quoted(ticket.reveal()) + (tls ? " PGSSLMODE=require" : "") + " psql -h " + quoted(host)
                + " -p " + port + " -U " + quoted(user) + " -d " + quoted(database);
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
