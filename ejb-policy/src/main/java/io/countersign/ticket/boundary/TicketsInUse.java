package io.countersign.ticket.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.Connection;
import io.countersign.api.Secret;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import io.countersign.ledger.Entry;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.policy.Policy;
import io.countersign.ticket.Opened;
import io.countersign.ticket.Proof;
import io.countersign.ticket.Ticket;
import io.countersign.ticket.TicketBook;
import io.countersign.ticket.TicketSecret;
import io.countersign.ticket.TicketStanding;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Signing in with tickets, and the sessions that they opened: these end with the revocation of their ticket. */
@ApplicationScoped
public class TicketsInUse {

    private static final String ANOTHER = "Make another one in the console or by countersign ticket, or give a token.";

    @Inject
    private JtaStore store;

    @Inject
    private Identities identities;

    @Inject
    private Adapters adapters;

    private final Clock clock = Clock.systemUTC();
    private final Opened opened = new Opened();

    /**
     * What a ticket proved.
     *
     * @param ticket which one it is; empty where the secret is nobody's
     * @param who    whom it stands for, or why it does not sign in there
     */
    public record Shown(Optional<TicketStanding> ticket, SignedIn who) {}

    /** @param policy the one in force: what it shortens or trusts no more, counts at once */
    public Shown show(Secret password, Connection connection, Policy policy) {
        Optional<TicketStanding> found = TicketSecret.parse(password)
                .flatMap(secret -> store.aside(em -> Optional.ofNullable(em.find(Ticket.class, secret.ticket()))
                        .filter(ticket -> ticket.opensBy(secret))
                        .map(Ticket::standing)));
        if (found.isEmpty()) {
            return new Shown(found, new SignedIn.Unknown("There is no such ticket.", ANOTHER));
        }
        TicketStanding ticket = found.get();
        Duration longest = policy.target(ticket.protocol(), ticket.target())
                .map(policy::longestTicket)
                .orElse(Duration.ZERO);
        Optional<String> against = ticket.against(connection.protocol(), connection.target(), longest, clock.instant());
        SignedIn who = against.<SignedIn>map(reason -> new SignedIn.Unknown(reason, ANOTHER))
                .orElseGet(() -> identities.still(
                        new SignedIn.Known(ticket.holder(), ticket.until()), ticket.by() == Proof.Way.TOKEN));
        return new Shown(found, who);
    }

    /**
     * Uses it, as part of the work that opens its session; then the session depends on it.
     *
     * @return what records it; empty where it has come to its end a moment ago
     */
    public Optional<Entry> open(EntityManager em, TicketStanding ticket, Session session) {
        opened.opens(ticket.id(), session);
        return TicketBook.use(em, ticket.id(), session.id(), session.started());
    }

    /** Whether a ticket opened this session. Quick: asked with commands. */
    public boolean opened(SessionId session) {
        return opened.has(session);
    }

    /** The session is over, or has not opened after all. */
    public void left(SessionId session) {
        opened.left(session);
    }

    /** It has been revoked. */
    void revoked(long ticket) {
        opened.revoked(ticket);
        turn();
    }

    /** To be called several times a second: ends the sessions of revoked tickets. */
    public void turn() {
        opened.stranded()
                .forEach(session -> adapters.end(
                        session.protocol(), session.id(), "the ticket that opened this session is revoked"));
    }
}
