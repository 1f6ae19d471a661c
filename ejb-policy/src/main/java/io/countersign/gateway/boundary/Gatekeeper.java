package io.countersign.gateway.boundary;

import io.countersign.api.Command;
import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Digest;
import io.countersign.api.Frame;
import io.countersign.api.Insight;
import io.countersign.api.Outcome;
import io.countersign.api.Secret;
import io.countersign.api.Session;
import io.countersign.api.SignIn;
import io.countersign.api.Target;
import io.countersign.api.Verdict;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Held;
import io.countersign.approval.RequestChanged;
import io.countersign.approval.State;
import io.countersign.approval.boundary.PendingApprovals;
import io.countersign.gateway.Meters;
import io.countersign.gateway.Records;
import io.countersign.grant.GrantStanding;
import io.countersign.grant.boundary.GrantsInUse;
import io.countersign.identity.Possession;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import io.countersign.ledger.Entry;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.Work.Written;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.PlanRun;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.plan.boundary.PlansRunning.Admission;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Policy;
import io.countersign.policy.SessionDuties;
import io.countersign.policy.boundary.PolicyChanged;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.recording.RecordingFile.Summary;
import io.countersign.recording.boundary.Recordings;
import io.countersign.session.Deeds;
import io.countersign.session.OpenSessions;
import io.countersign.session.SessionIds;
import io.countersign.session.SessionRow;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The way of one command, from the policy side: who asks, what the policy says, on the ledger, and only then the verdict.
 * Whatever fails on the way refuses.
 */
@ApplicationScoped
public class Gatekeeper {

    private static final Logger LOG = System.getLogger(Gatekeeper.class.getName());

    /** Refused sign-ins that are recorded one by one each second; a flood of them must not fill the store. */
    private static final int REFUSALS_A_SECOND = 20;

    /** Ends of sessions that are kept while the store is down; the next start finds and closes what is beyond that. */
    private static final int MOST_LATE = 10_000;

    private static final String RESUMES = "Try again in a few seconds: service resumes by itself once the record can be"
            + " written. If it does not, ask the gateway's operators.";

    @Inject
    private PolicyInForce policy;

    @Inject
    private Identities identities;

    @Inject
    private JtaStore store;

    @Inject
    private Ledger ledger;

    @Inject
    private PendingApprovals pending;

    @Inject
    private GrantsInUse grants;

    @Inject
    private PlansRunning plans;

    @Inject
    private Recordings recordings;

    @Resource
    private ManagedExecutorService executor;

    private final Clock clock = Clock.systemUTC();
    private final OpenSessions sessions = new OpenSessions();
    private final SessionDuties duties = new SessionDuties();
    private final Deeds deeds = new Deeds(() -> store);
    private final Meters meters = new Meters();
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong suppressed = new AtomicLong();
    private final Queue<End> lateEnds = new LinkedBlockingQueue<>(MOST_LATE);

    /** How a session ended. */
    private record End(String session, String reason, Optional<Summary> recording) {}

    public Meters meters() {
        return meters;
    }

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

    public CompletionStage<Verdict> judge(Command command) {
        long begun = System.nanoTime();
        Instant now = now();
        Policy inForce = policy.current();
        Set<String> elevated = grants.duties(command.session(), now);
        Optional<PlanRun> plan = plans.of(command.session().id());
        Decision decision = plan.map(
                        run -> run.decide(command, inForce.planning(), () -> decided(inForce, command, elevated, now)))
                .orElseGet(() -> decided(inForce, command, elevated, now));
        List<GrantStanding> by = elevated.isEmpty() ? List.of() : grants.use(command.session(), decision.duties(), now);
        boolean explain = decision.ruling() == Ruling.HOLD
                && inForce.explains(
                        command.session().protocol(), command.session().target());
        Entry entry = Records.command(command, decision, by, explain, now);
        meters.commands(decision.ruling()).increment();
        CompletionStage<Verdict> verdict = plan.isPresent()
                ? plans.judged(
                        plan.get(),
                        command,
                        decision,
                        each -> Records.command(command, each, by, now),
                        Gatekeeper::refusal)
                : switch (decision.ruling()) {
                    case PERMIT -> ledger.append(entry, new Verdict.Permit(decision.obligations()));
                    case REFUSE -> ledger.append(entry, refusal(decision));
                    case HOLD -> pending.hold(command, decision, elevated, owners(inForce, command), entry, explain);
                };
        return verdict.handle((done, failure) -> {
            meters.judge.record(System.nanoTime() - begun);
            return failure == null ? done : unrecorded(failure);
        });
    }

    public void observed(Session session, long command, List<Insight> insights) {
        pending.observed(session.id(), command, insights);
    }

    public void withdraw(Session session, long command) {
        pending.withdraw(session.id(), command);
    }

    private Decision decided(Policy inForce, Command command, Set<String> elevated, Instant now) {
        Decision alone = duties.decide(inForce, command, elevated, now);
        return inForce.objects().none() ? alone : deeds.decide(inForce, command, alone, now);
    }

    public void finished(Outcome outcome) {
        Entry entry = Records.outcome(outcome, now());
        plans.finished(outcome, entry).orElseGet(() -> ledger.note(entry)).exceptionally(failure -> {
            meters.outcomesLost.increment();
            return false;
        });
    }

    public CompletionStage<Void> recorded(Session session, List<Frame> frames) {
        return recordings.append(session, frames);
    }

    /** Returns at once: what it leads to waits for disks. */
    public void closed(Session session, String reason) {
        sessions.leave(session.id());
        duties.forget(session.id());
        executor.execute(() -> {
            pending.abandon(session.id(), "its session ended: " + reason);
            grants.left(session.id());
            plans.left(session.id(), reason);
            recordings
                    .close(session.id())
                    .exceptionally(failure -> {
                        LOG.log(Level.ERROR, "the recording of session " + session.id() + " is not whole", failure);
                        return Optional.empty();
                    })
                    .thenAccept(recording -> record(new End(session.id().toString(), reason, recording)));
        });
    }

    private void record(End end) {
        end(end.session, end.reason, end.recording).exceptionally(failure -> {
            LOG.log(
                    Level.WARNING,
                    "the end of session {0} could not be recorded; it will be when the store is back: {1}",
                    end.session,
                    failure.getMessage());
            late(end);
            return false;
        });
    }

    private void late(End end) {
        if (!lateEnds.offer(end)) {
            LOG.log(Level.WARNING, "the end of session {0} is left to the next start", end.session);
        }
    }

    /** To be called when the store is back: records the ends of sessions that it missed. Returns at once. */
    public void recordLateEnds() {
        for (int left = lateEnds.size(); left > 0; left--) {
            Optional.ofNullable(lateEnds.poll()).ifPresent(this::record);
        }
    }

    /** A held command that came to nothing closes nothing to those who asked for it. */
    public void ended(@Observes RequestChanged event) {
        if (!event.state().isOpen()
                && event.state() != State.APPROVED
                && !policy.current().objects().none()) {
            store.aside(em -> Optional.ofNullable(em.find(ApprovalRequest.class, event.id()))
                            .map(ApprovalRequest::standing))
                    .ifPresent(standing -> deeds.forget(
                            standing.held().session(), standing.held().command()));
        }
    }

    /** To be called about once a second: reads who did what to which object, where a policy has come into force that asks. */
    public void readDeeds() {
        if (policy.isThere() && ledger.committer().failure() == null) {
            deeds.read(policy.current());
        }
    }

    /** Every revision that was in force is on the ledger, whole. */
    public void changed(@Observes PolicyChanged event) {
        Policy loaded = policy.current();
        TreeMap<String, String> files = new TreeMap<>();
        loaded.files().forEach(file -> files.put(file.name(), file.text()));
        ledger.append(Records.policyLoaded(event.revision(), files, now()), true)
                .exceptionally(failure -> {
                    LOG.log(Level.ERROR, "policy " + event.revision() + " is not on the ledger", failure);
                    return false;
                });
    }

    /** Puts a session's end on the ledger, unless it is there. */
    public CompletableFuture<Boolean> end(String session, String reason, Optional<Summary> recording) {
        return ledger.submit(em -> {
            Instant now = now();
            SessionRow row = em.find(SessionRow.class, session);
            return row != null && row.end(now, reason)
                    ? Written.of(true, Records.sessionClosed(session, reason, recording, now))
                    : Written.of(false);
        });
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
            late(new End(session.id().toString(), "it was refused, its record being unsure", Optional.empty()));
            return new SignIn.Unavailable(
                    "The gateway cannot record this session, so it does not open: " + e.getMessage() + ".", RESUMES);
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

    private static List<Held.Owner> owners(Policy policy, Command command) {
        return Held.Owner.all(policy, command.session().requester());
    }

    /** The ledger has said once why; each command that it costs is counted. */
    private Verdict unrecorded(Throwable failure) {
        meters.unavailable.increment();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof LedgerUnavailable)) {
            throw new CompletionException(cause);
        }
        return new Verdict.Refuse(
                Verdict.Cause.UNAVAILABLE,
                "",
                "The gateway cannot record this command, so it does not run: " + cause.getMessage() + ".",
                "Nothing was forwarded. " + RESUMES);
    }

    private static Verdict refusal(Decision decision) {
        Reason first = decision.reasons().stream()
                .filter(reason -> reason.ruling() == Ruling.REFUSE)
                .findFirst()
                .orElseThrow();
        return new Verdict.Refuse(
                Verdict.Cause.POLICY,
                first.place(),
                first.effect() + ": " + first.words(),
                first.rule().isEmpty()
                        ? "Ask the policy's authors whether a duty of yours should permit it."
                        : "The rule is " + first.place() + "; ask its authors if it should not apply.");
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
