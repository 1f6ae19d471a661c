package io.countersign.ticket.boundary;

import io.countersign.api.DelegationChain;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Policy;
import io.countersign.policy.Role;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.ticket.ConnectionHint;
import io.countersign.ticket.Proof;
import io.countersign.ticket.Ticket;
import io.countersign.ticket.TicketBook;
import io.countersign.ticket.TicketSecret;
import io.countersign.ticket.TicketStanding;
import io.countersign.ticket.Wish;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Tickets that people and agents make for themselves and end again, and what may be read of them. */
@ApplicationScoped
public class Tickets {

    /** Characters (Unicode code points) that a reason may have at most. */
    public static final int LONGEST_REASON = 1_000;

    private static final int MOST = 500;

    private static final String LATEST = "SELECT t FROM Ticket t ORDER BY t.id DESC";

    private static final String OF_ACCOUNT =
            "SELECT t FROM Ticket t JOIN t.links l WHERE l.issuer = :issuer AND l.subject = :subject ORDER BY t.id DESC";

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private PolicyInForce policy;

    @Inject
    private TicketsInUse inUse;

    /** Clients reach the gateway by the console's name where there is one. */
    @Inject
    @ConfigProperty(name = "countersign.console.url")
    private Optional<String> console;

    @Inject
    @ConfigProperty(name = "countersign.postgres.host", defaultValue = "127.0.0.1")
    private String host;

    @Inject
    @ConfigProperty(name = "countersign.postgres.port", defaultValue = "5432")
    private int port;

    @Inject
    @ConfigProperty(name = "countersign.postgres.tls", defaultValue = "required")
    private String tls;

    private final Clock clock = Clock.systemUTC();

    /** Who asks for what. A time that is not said is the longest that there may be. */
    public record Question(
            DelegationChain caller, String target, String reason, Optional<Duration> lasts, Proof proof) {}

    /** A target at which somebody may use a ticket, and for how long. */
    public record Offer(String target, Duration longest) {}

    /** Makes one. Its secret is told this once. */
    public TicketResult issue(Question question) {
        Policy now = policy.current();
        String reason = question.reason.strip();
        Optional<Target> target = now.targets().stream()
                .filter(each -> each.name().equals(question.target))
                .findFirst();
        if (target.isEmpty()) {
            return new TicketResult.Wrong("There is no target named " + question.target + ".");
        }
        if (reason.codePointCount(0, reason.length()) > LONGEST_REASON) {
            return new TicketResult.Wrong("A reason has at most " + LONGEST_REASON + " characters.");
        }
        if (question.lasts.filter(time -> time.toSeconds() < 1).isPresent()) {
            return new TicketResult.Wrong("The shortest time is one second.");
        }
        Wish wish = new Wish(
                question.caller, target.get().protocol(), target.get().name(), reason, question.lasts, question.proof);
        Duration longest = now.longestTicket(target.get());
        Instant moment = clock.instant();
        List<String> reasons = wish.against(longest, store.aside(em -> TicketBook.live(em, wish, moment)), moment);
        if (!reasons.isEmpty()) {
            Ledger.await(book().refused(wish, reasons));
            return new TicketResult.Refused(reasons);
        }
        Secret random = TicketSecret.draw();
        TicketStanding issued = Ledger.await(book().issue(wish, random, longest, now.revision()));
        return new TicketResult.Issued(
                TicketView.of(issued, clock.instant()),
                new TicketSecret(issued.id(), random).written(),
                new ConnectionHint(
                        address(),
                        port,
                        issued.target(),
                        issued.holder().origin().name(),
                        tls.equals("required")));
    }

    private String address() {
        return console.flatMap(url -> Optional.ofNullable(URI.create(url).getHost()))
                .orElse(host);
    }

    /** Ends it before its time; the sessions that it opened end within a second. Nothing changes where it was revoked before. */
    public TicketResult revoke(long id, DelegationChain who, Set<Role> roles) {
        Optional<TicketStanding> found =
                store.aside(em -> Optional.ofNullable(em.find(Ticket.class, id)).map(Ticket::standing));
        if (found.isEmpty()) {
            return new TicketResult.NotFound();
        }
        if (!roles.contains(Role.ADMINISTRATOR) && !isOf(found.get(), who)) {
            return new TicketResult.Refused(List.of("Whoever it stands for and administrators revoke a ticket."));
        }
        Ledger.await(book().revoke(id, who.described() + " revoked it"));
        inUse.revoked(id);
        return find(id).<TicketResult>map(TicketResult.Done::new).orElseGet(TicketResult.NotFound::new);
    }

    /** Newest first. Limit is at most 500. */
    public List<TicketView> list(int offset, int limit) {
        return store.aside(em -> views(em.createQuery(LATEST, Ticket.class)
                .setFirstResult(Math.max(offset, 0))
                .setMaxResults(Math.clamp(limit, 1, MOST))
                .getResultList()));
    }

    /** Newest first: those in whose holder's chain this identity stands. */
    public List<TicketView> listOf(DelegationChain viewer, int offset, int limit) {
        return store.aside(em -> views(em.createQuery(OF_ACCOUNT, Ticket.class)
                .setParameter("issuer", viewer.actor().issuer())
                .setParameter("subject", viewer.actor().subject())
                .setFirstResult(Math.max(offset, 0))
                .setMaxResults(Math.clamp(limit, 1, MOST))
                .getResultList()));
    }

    public Optional<TicketView> find(long id) {
        return store.aside(em -> Optional.ofNullable(em.find(Ticket.class, id))
                .map(ticket -> TicketView.of(ticket.standing(), clock.instant())));
    }

    /** Holders read their own; auditors and administrators all. */
    public boolean mayRead(TicketView ticket, DelegationChain viewer, Set<Role> roles) {
        return roles.contains(Role.AUDITOR)
                || roles.contains(Role.ADMINISTRATOR)
                || ticket.holder().stream().anyMatch(viewer.actor()::sameAccount);
    }

    /** The targets that have tickets and that members of these groups can do something on, by name. */
    public List<Offer> offers(Set<String> groups) {
        Policy now = policy.current();
        return now.targets().stream()
                .map(target -> new Offer(target.name(), now.longestTicket(target)))
                .filter(offer -> !offer.longest.isZero()
                        && now.reach(offer.target, Optional.empty()).stream()
                                .anyMatch(way -> groups.contains(way.group())))
                .distinct()
                .toList();
    }

    private List<TicketView> views(List<Ticket> tickets) {
        Instant now = clock.instant();
        return tickets.stream()
                .map(ticket -> TicketView.of(ticket.standing(), now))
                .toList();
    }

    private static boolean isOf(TicketStanding ticket, DelegationChain who) {
        return ticket.holder().links().stream().anyMatch(who.actor()::sameAccount);
    }

    private TicketBook book() {
        return new TicketBook(ledger.committer(), clock);
    }
}
