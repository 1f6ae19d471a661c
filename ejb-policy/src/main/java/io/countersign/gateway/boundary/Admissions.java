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
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Who comes in: what a credential proves, the target that is asked for, the plan that is to be run, the room that there is, and
 * only then an open session, which is on the ledger. Whatever fails on the way refuses.
 */
@ApplicationScoped
public class Admissions {

    private static final Logger LOG = System.getLogger(Admissions.class.getName());

    /** Refused sign-ins that are recorded one by one each second; a flood of them must not fill the store. */
    private static final int REFUSALS_A_SECOND = 20;

    @Inject
    private PolicyInForce policy;

    @Inject
    private Identities identities;

    @Inject
    private Ledger ledger;

    @Inject
    private PlansRunning plans;

    @Inject
    private Departures departures;

    @Inject
    private Meters meters;

    private final Clock clock = Clock.systemUTC();
    private final OpenSessions sessions = new OpenSessions();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong suppressed = new AtomicLong();

    /** To be called once a second. */
    public void turn() {
        refusals.set(0);
    }

    public SignIn signIn(Credential credential, Connection connection) {
        meters.signIns.increment();
        Policy now = policy.current();
        SignedIn who = switch (credential) {
            case Credential.BearerToken(Secret token, Optional<Digest> certificate) ->
                identities.verify(token, new Possession(certificate));
        };
        return switch (who) {
            case SignedIn.Unknown unknown -> refused(connection, unknown.reason(), unknown.hint());
            case SignedIn.Known known ->
                now.target(connection.protocol(), connection.target())
                        .map(target -> admitted(known, target, now, connection))
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

    /** The session is over. */
    public void left(Session session) {
        sessions.leave(session.id());
    }

    private SignIn admitted(SignedIn.Known known, Target target, Policy policy, Connection connection) {
        String plan = connection.parameters().get(Connection.PLAN);
        if (plan == null) {
            return opened(known, target, policy, connection, Optional.empty());
        }
        return switch (plans.admit(
                Long.parseLong(plan),
                known.chain(),
                target.name(),
                connection.parameters().getOrDefault(Connection.SETTINGS, ""))) {
            case Admission.Admitted admitted -> opened(known, target, policy, connection, Optional.of(admitted));
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
            boolean opened = Ledger.await(ledger.submit(em -> {
                List<Entry> entries = new ArrayList<>(List.of(Records.sessionOpened(session, connection)));
                plan.flatMap(admitted -> plans.begin(em, admitted, session, known.chain()))
                        .ifPresent(entries::add);
                if (plan.isPresent() && entries.size() == 1) {
                    return Written.of(false);
                }
                em.persist(SessionRow.of(session));
                return new Written<>(true, entries);
            }));
            if (!opened) {
                sessions.leave(session.id());
                return refused(connection, "Another session was quicker to run this plan.", "A plan runs once.");
            }
            return new SignIn.Accepted(session, target);
        } catch (LedgerUnavailable e) {
            sessions.leave(session.id());
            plans.forget(session.id());
            LOG.log(Level.WARNING, "a session could not be recorded and is refused: {0}", e.getMessage());
            meters.unavailable.increment();
            // Perhaps it was stored and only the answer was lost.
            departures.late(session, "it was refused, its record being unsure");
            return new SignIn.Unavailable(
                    "The gateway cannot record this session, so it does not open: " + e.getMessage() + ".",
                    Gatekeeper.RESUMES);
        }
    }

    private SignIn refused(Connection connection, String reason, String hint) {
        meters.signInsRefused.increment();
        if (refusals.incrementAndGet() <= REFUSALS_A_SECOND) {
            LOG.log(Level.INFO, "sign-in from {0} refused: {1}", connection.client(), reason);
            ledger.append(Records.signInRefused(connection, reason, suppressed.getAndSet(0), now()), true)
                    .exceptionally(failure -> {
                        LOG.log(Level.WARNING, "a refused sign-in is not on the ledger", failure);
                        return false;
                    });
        } else {
            suppressed.incrementAndGet();
        }
        return new SignIn.Refused(reason, hint);
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
