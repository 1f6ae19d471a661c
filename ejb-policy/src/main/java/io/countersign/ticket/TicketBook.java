package io.countersign.ticket;

import io.countersign.api.Connection;
import io.countersign.api.Secret;
import io.countersign.api.SessionId;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Every step of every ticket, each with its entry in one transaction, in the order of the ledger. */
public final class TicketBook {

    private static final String LIVE = "SELECT COUNT(DISTINCT t.id) FROM Ticket t JOIN t.links l"
            + " WHERE l.issuer = :issuer AND l.subject = :subject AND t.revoked IS NULL AND t.until > :now";

    private final Committer ledger;
    private final Clock clock;

    public TicketBook(Committer ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * @param random   the random part of its secret, of which the hash is kept
     * @param longest  the policy's bound for its target
     * @param revision of the policy
     */
    public CompletableFuture<TicketStanding> issue(Wish wish, Secret random, Duration longest, String revision) {
        return ledger.submit(store -> {
            Instant now = now();
            Ticket ticket = Ticket.of(wish, TicketSecret.hash(random), now, wish.until(longest, now));
            store.persist(ticket);
            store.flush();
            TicketStanding standing = ticket.standing();
            return Written.of(standing, Entry.of("ticket-issued", now, json -> {
                about(json, standing);
                json.text("by", standing.by().name())
                        .text("reason", standing.reason())
                        .time("until", standing.until())
                        .time("proof-until", standing.proofUntil())
                        .text("policy", revision);
            }));
        });
    }

    /** Records that somebody wanted one and there is none for them. */
    public CompletableFuture<Boolean> refused(Wish wish, List<String> reasons) {
        return ledger.append(
                Entry.of(
                        "ticket-refused",
                        now(),
                        json -> json.objects("chain", wish.holder().links(), JsonWriter::identity)
                                .text("protocol", wish.protocol())
                                .text("target", wish.target())
                                .text("reason", wish.reason())
                                .texts("reasons", reasons)),
                true);
    }

    /**
     * What records that somebody came with one and was not let in.
     *
     * @param suppressed how many others were refused since the last such entry and are not on record each
     */
    public static Entry refused(
            TicketStanding ticket, Connection connection, String reason, long suppressed, Instant now) {
        return Entry.of("ticket-refused", now, json -> {
            about(json, ticket);
            json.text("asked", connection.target())
                    .text("client", connection.client())
                    .flag("encrypted", connection.encrypted())
                    .texts("reasons", List.of(reason))
                    .number("suppressed", suppressed);
        });
    }

    /**
     * Uses it, as part of the work that opens its session.
     *
     * @return what records it; empty where it was revoked or has expired a moment ago
     */
    public static Optional<Entry> use(EntityManager store, long id, SessionId session, Instant now) {
        Ticket ticket = store.find(Ticket.class, id);
        if (ticket == null || !ticket.standing().active(now)) {
            return Optional.empty();
        }
        ticket.use(now);
        TicketStanding standing = ticket.standing();
        return Optional.of(Entry.of("ticket-used", now, session, json -> about(json, standing)));
    }

    /**
     * @param why a sentence without its end
     * @return how it stands now, if this is what ended it
     */
    public CompletableFuture<Optional<TicketStanding>> revoke(long id, String why) {
        return ledger.submit(store -> {
            Instant now = now();
            Ticket ticket = store.find(Ticket.class, id);
            if (ticket == null || !ticket.revoke(now, why)) {
                return Written.of(Optional.empty());
            }
            TicketStanding standing = ticket.standing();
            return Written.of(Optional.of(standing), Entry.of("ticket-revoked", now, json -> {
                about(json, standing);
                json.text("why", why);
            }));
        });
    }

    /** How many tickets work now of those in which the wish's origin stands. */
    public static long live(EntityManager store, Wish wish, Instant now) {
        return store.createQuery(LIVE, Long.class)
                .setParameter("issuer", wish.holder().origin().issuer())
                .setParameter("subject", wish.holder().origin().subject())
                .setParameter("now", now)
                .getSingleResult();
    }

    private static void about(JsonWriter json, TicketStanding ticket) {
        json.number("ticket", ticket.id())
                .objects("chain", ticket.holder().links(), JsonWriter::identity)
                .text("protocol", ticket.protocol())
                .text("target", ticket.target());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
