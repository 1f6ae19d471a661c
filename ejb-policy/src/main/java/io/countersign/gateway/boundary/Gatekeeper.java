package io.countersign.gateway.boundary;

import io.countersign.api.Command;
import io.countersign.api.Commands;
import io.countersign.api.Frame;
import io.countersign.api.Insight;
import io.countersign.api.Outcome;
import io.countersign.api.Session;
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
import io.countersign.ledger.Entry;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.Work.Written;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.PlanRun;
import io.countersign.plan.boundary.PlansRunning;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Policy;
import io.countersign.policy.SessionDuties;
import io.countersign.policy.boundary.PolicyChanged;
import io.countersign.policy.boundary.PolicyInForce;
import io.countersign.recording.boundary.Recordings;
import io.countersign.session.Deeds;
import jakarta.annotation.PostConstruct;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The way of one command, from the policy side: what the policy says, on the ledger, and only then the verdict.
 * Whatever fails on the way refuses.
 */
@ApplicationScoped
public class Gatekeeper implements Commands {

    private static final Logger LOG = System.getLogger(Gatekeeper.class.getName());

    /** What to do where nothing can be recorded. */
    static final String RESUMES = "Try again in a few seconds: service resumes by itself once the record can be"
            + " written. If it does not, ask the gateway's operators.";

    @Inject
    private BeanManager beans;

    @Inject
    private JtaStore store;

    @Inject
    private PendingApprovals pending;

    @Inject
    private Meters meters;

    private PolicyInForce policy;
    private Ledger ledger;
    private GrantsInUse grants;
    private PlansRunning plans;
    private Recordings recordings;

    private final Clock clock = Clock.systemUTC();
    private final SessionDuties duties = new SessionDuties();
    private final Deeds deeds = new Deeds(() -> store, () -> Ledger.await(ledger.submit(em -> Written.of(true))));

    @PostConstruct
    void begin() {
        policy = ContextualInstance.of(beans, PolicyInForce.class);
        ledger = ContextualInstance.of(beans, Ledger.class);
        grants = ContextualInstance.of(beans, GrantsInUse.class);
        plans = ContextualInstance.of(beans, PlansRunning.class);
        recordings = ContextualInstance.of(beans, Recordings.class);
    }

    /**
     * Judges a command and puts both on the ledger.
     *
     * @return completes with what the connector is to do once they are on disk; never with a permit before
     */
    @Override
    public CompletionStage<Verdict> judge(Command command) {
        long begun = System.nanoTime();
        return judgedAndRecorded(command).handle((verdict, failure) -> {
            meters.judge.record(System.nanoTime() - begun);
            return failure == null ? verdict : unrecorded(failure);
        });
    }

    private CompletionStage<Verdict> judgedAndRecorded(Command command) {
        Instant now = now();
        Policy inForce = policy.current();
        Set<String> elevated = grants.duties(command.session(), now);
        Supplier<Decision> byRules = () -> decided(inForce, command, elevated, now);
        Optional<PlanRun> plan = plans.of(command.session().id());
        Decision decision = plan.map(run -> run.decide(command, inForce.planning(), byRules))
                .orElseGet(byRules);
        List<GrantStanding> by = elevated.isEmpty() ? List.of() : grants.use(command.session(), decision.duties(), now);
        meters.commands(decision.ruling()).increment();
        if (plan.isPresent()) {
            return plans.judged(
                    plan.get(),
                    command,
                    decision,
                    each -> Records.command(command, each, by, now),
                    Gatekeeper::refusal);
        }
        boolean explain = decision.ruling() == Ruling.HOLD
                && inForce.explains(
                        command.session().protocol(), command.session().target());
        Entry entry = Records.command(command, decision, by, explain, now);
        return switch (decision.ruling()) {
            case PERMIT -> ledger.append(entry, new Verdict.Permit(decision.obligations()));
            case REFUSE -> ledger.append(entry, refusal(decision));
            case HOLD -> pending.hold(command, decision, elevated, owners(inForce, command), entry, explain);
        };
    }

    /** By the rules alone, and then by what this session, and whoever asks, has done before. */
    private Decision decided(Policy inForce, Command command, Set<String> elevated, Instant now) {
        Decision alone = duties.decide(inForce, command, elevated, now);
        return inForce.objects().none() ? alone : deeds.decide(inForce, command, alone, now);
    }

    /** What the target says of a held command, for whoever decides it. */
    @Override
    public void observed(Session session, long command, List<Insight> insights) {
        pending.observed(session.id(), command, insights);
    }

    /** The requester gives a held command up. */
    @Override
    public void withdraw(Session session, long command) {
        pending.withdraw(session.id(), command);
    }

    /** How a permitted command has ended. Returns at once; one that cannot be recorded is counted. */
    @Override
    public void finished(Outcome outcome) {
        Entry entry = Records.outcome(outcome, now());
        plans.finished(outcome, entry).orElseGet(() -> ledger.note(entry)).exceptionally(failure -> {
            meters.outcomesLost.increment();
            return false;
        });
    }

    /** Completes once the frames are on disk. */
    @Override
    public CompletionStage<Void> recorded(Session session, List<Frame> frames) {
        return recordings.append(session, frames);
    }

    /** The session is over. */
    public void left(Session session) {
        duties.forget(session.id());
    }

    /** A held command that came to nothing closes nothing to those who asked for it; where the store fails, it goes on to. */
    public void ended(@Observes RequestChanged event) {
        if (event.state().isOpen()
                || event.state() == State.APPROVED
                || policy.current().objects().none()) {
            return;
        }
        try {
            store.aside(em -> Optional.ofNullable(em.find(ApprovalRequest.class, event.id()))
                            .map(ApprovalRequest::standing))
                    .ifPresent(standing -> deeds.forget(
                            standing.held().session(), standing.held().command()));
        } catch (LedgerUnavailable e) {
            // Whoever else observes this must not miss it.
            LOG.log(
                    Level.WARNING,
                    "request {0} came to nothing, and still counts as done: {1}",
                    event.id(),
                    e.getMessage());
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

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
