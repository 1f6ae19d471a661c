package io.countersign.gateway.boundary;

import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Digest;
import io.countersign.api.Secret;
import io.countersign.api.Session;
import io.countersign.api.SignIn;
import io.countersign.api.Target;
import io.countersign.gateway.Meters;
import io.countersign.gateway.Records;
import io.countersign.identity.Possession;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import io.countersign.ledger.Entry;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.Work.Written;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.plan.boundary.PlansRunning.Admission;
import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.session.OpenSessions;
import io.countersign.session.SessionIds;
import io.countersign.session.SessionRow;
import io.countersign.ticket.TicketSecret;
import io.countersign.ticket.TicketStanding;
import io.countersign.ticket.boundary.TicketsInUse;
import io.countersign.ticket.boundary.TicketsInUse.Shown;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who comes in: what a credential proves, the target that is asked for, the plan that is to be run, the room that there is, and
 * only then an open session, which is on the ledger. Whatever fails on the way refuses.
 */
@ApplicationScoped
public class Admissions {

    private static final Logger LOG = System.getLogger(Admissions.class.getName());

    @Inject
    private PolicyInForce policy;

    @Inject
    private Identities identities;

    @Inject
    private Ledger ledger;

    @Inject
    private PlansRunning plans;

    @Inject
    private TicketsInUse tickets;

    @Inject
    private Refusals refusals;

    @Inject
    private Departures departures;

    @Inject
    private Meters meters;

    private final Clock clock = Clock.systemUTC();
    private final OpenSessions sessions = new OpenSessions();

    /**
     * Opens a session, or says why not. Blocks, for seconds where an issuer must be asked for its keys.
     *
     * @return accepted only once the session is on the ledger
     */
    public SignIn signIn(Credential credential, Connection connection) {
        meters.signIns.increment();
        try {
            return switch (credential) {
                case Credential.BearerToken(Secret ticket, Optional<Digest> certificate)
                when TicketSecret.isMeant(ticket) -> byTicket(ticket, connection);
                case Credential.BearerToken(Secret token, Optional<Digest> certificate) ->
                    byToken(token, new Possession(certificate), connection);
            };
        } catch (LedgerUnavailable e) {
            return unavailable(e);
        }
    }

    private SignIn byToken(Secret token, Possession possession, Connection connection) {
        Policy now = policy.current();
        return switch (identities.verify(token, possession)) {
            case SignedIn.Unknown unknown -> refused(connection, unknown.reason(), unknown.hint());
            case SignedIn.Known known ->
                now.target(connection.protocol(), connection.target())
                        .map(target -> admitted(known, Optional.empty(), target, now, connection))
                        .orElseGet(() -> refused(
                                connection,
                                "There is no target named " + printable(connection.target()) + ".",
                                "Ask for one of: "
                                        + String.join(
                                                ", ",
                                                now.targets().stream()
                                                        .map(Target::name)
                                                        .toList())
                                        + "."));
        };
    }

    private SignIn byTicket(Secret password, Connection connection) {
        Policy now = policy.current();
        Shown shown = tickets.show(password, connection, now);
        return switch (shown.who()) {
            case SignedIn.Unknown unknown ->
                refusals.refused(connection, shown.ticket(), unknown.reason(), unknown.hint());
            case SignedIn.Known known ->
                admitted(
                        known,
                        shown.ticket(),
                        now.target(connection.protocol(), connection.target()).orElseThrow(),
                        now,
                        connection);
        };
    }

    /** The session is over. */
    public void left(Session session) {
        sessions.leave(session.id());
    }

    /** @param ticket what signed them in, where it was no token */
    private SignIn admitted(
            SignedIn.Known known,
            Optional<TicketStanding> ticket,
            Target target,
            Policy policy,
            Connection connection) {
        String plan = connection.parameters().get(Connection.PLAN);
        if (plan == null) {
            return opened(known, ticket, target, policy, connection, Optional.empty());
        }
        return switch (plans.admit(
                Long.parseLong(plan),
                known.chain(),
                target.name(),
                connection.parameters().getOrDefault(Connection.SETTINGS, ""))) {
            case Admission.Admitted admitted ->
                opened(known, ticket, target, policy, connection, Optional.of(admitted));
            case Admission.Refused(List<String> reasons) ->
                refused(
                        connection,
                        String.join(" ", reasons),
                        "Its page in the console says how plan " + plan + " stands.");
        };
    }

    /** @param plan what the session is to run, on behalf of whoever planned it */
    private SignIn opened(
            SignedIn.Known known,
            Optional<TicketStanding> ticket,
            Target target,
            Policy policy,
            Connection connection,
            Optional<Admission.Admitted> plan) {
        Instant now = now();
        Session session = new Session(
                SessionIds.next(now),
                plan.map(Admission.Admitted::chain).orElse(known.chain()),
                connection.protocol(),
                target.name(),
                connection.client(),
                now,
                policy.sessions().endWithToken() ? known.expires() : Instant.MAX);
        Optional<String> full = sessions.admit(
                session, policy.sessions().perIdentity(), policy.sessions().total());
        if (full.isPresent()) {
            return refused(connection, full.get(), "Close a session, then try again.");
        }
        try {
            Optional<SignIn.Refused> late =
                    Ledger.await(ledger.submit(em -> open(em, session, known, ticket, connection, plan)));
            if (late.isEmpty()) {
                return new SignIn.Accepted(session, target);
            }
            forget(session);
            return refusals.refused(
                    connection, ticket, late.get().reason(), late.get().hint());
        } catch (LedgerUnavailable e) {
            forget(session);
            // Perhaps it was stored and only the answer was lost.
            departures.late(session, "it was refused, its record being unsure");
            return unavailable(e);
        }
    }

    /** @return why it does not open after all: what it was to use has come to its end a moment ago */
    private Written<Optional<SignIn.Refused>> open(
            EntityManager em,
            Session session,
            SignedIn.Known known,
            Optional<TicketStanding> ticket,
            Connection connection,
            Optional<Admission.Admitted> plan) {
        List<Entry> entries =
                new ArrayList<>(List.of(Records.sessionOpened(session, connection, ticket.map(TicketStanding::id))));
        if (ticket.isPresent()) {
            Optional<Entry> used = tickets.open(em, ticket.get(), session);
            if (used.isEmpty()) {
                return Written.of(Optional.of(
                        new SignIn.Refused("Ticket " + ticket.get().id() + " has ended.", "Make another one.")));
            }
            entries.add(used.get());
        }
        if (plan.isPresent()) {
            Optional<Entry> begun = plans.begin(em, plan.get(), session, known.chain());
            if (begun.isEmpty()) {
                return Written.of(Optional.of(
                        new SignIn.Refused("Another session was quicker to run this plan.", "A plan runs once.")));
            }
            entries.add(begun.get());
        }
        em.persist(SessionRow.of(session));
        return new Written<>(Optional.empty(), entries);
    }

    private void forget(Session session) {
        sessions.leave(session.id());
        plans.forget(session.id());
        tickets.left(session.id());
    }

    private SignIn unavailable(LedgerUnavailable cause) {
        LOG.log(Level.WARNING, "a session could not be recorded and is refused: {0}", cause.getMessage());
        meters.unavailable.increment();
        return new SignIn.Unavailable(
                "The gateway cannot record this session, so it does not open: " + cause.getMessage() + ".",
                Gatekeeper.RESUMES);
    }

    private SignIn refused(Connection connection, String reason, String hint) {
        return refusals.refused(connection, Optional.empty(), reason, hint);
    }

    /** What strangers type cannot forge a line of the log or a message (CWE-117). */
    private static String printable(String name) {
        String shown = name.replaceAll("[^\\p{Alnum}._-]", "?");
        return shown.length() <= 64 ? shown : shown.substring(0, 64) + "…";
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
