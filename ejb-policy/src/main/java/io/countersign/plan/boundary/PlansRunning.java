package io.countersign.plan.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Outcome;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.approval.ApprovalRequest;
import io.countersign.approval.Consequence;
import io.countersign.approval.Standing;
import io.countersign.ledger.Entry;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.plan.CommandPlan;
import io.countersign.plan.Executors;
import io.countersign.plan.PlanBook;
import io.countersign.plan.PlanRun;
import io.countersign.plan.PlanStanding;
import io.countersign.plan.PlanState;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Policy;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The plans that sessions of this process run: begun with them, gone through command by command, over with them. */
@ApplicationScoped
public class PlansRunning implements Consequence {

    private static final Logger LOG = System.getLogger(PlansRunning.class.getName());

    private static final String OPEN =
            "SELECT p FROM CommandPlan p WHERE p.state IN (io.countersign.plan.PlanState.READY,"
                    + " io.countersign.plan.PlanState.RUNNING) ORDER BY p.id";

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private PolicyInForce policy;

    @Inject
    private Adapters adapters;

    private final Clock clock = Clock.systemUTC();
    private final Map<SessionId, PlanRun> runs = new ConcurrentHashMap<>();

    /** Whether somebody may run a plan. */
    public sealed interface Admission {

        /**
         * @param chain the planner's and the executor's links: on whose behalf the session acts, and through whom
         */
        record Admitted(PlanStanding plan, Standing request, DelegationChain chain) implements Admission {}

        /** @param reasons every reason against it, each one sentence */
        record Refused(List<String> reasons) implements Admission {}
    }

    /**
     * @param target   what the session is for
     * @param settings what it declares of what changes the meaning of commands ({@link io.countersign.api.Connection#SETTINGS})
     */
    public Admission admit(long id, DelegationChain executor, String target, String settings) {
        Policy now = policy.current();
        return store.aside(em -> {
            CommandPlan row = em.find(CommandPlan.class, id);
            if (row == null) {
                return new Admission.Refused(List.of("There is no plan " + id + "."));
            }
            PlanStanding plan = row.standing();
            Standing request = em.find(ApprovalRequest.class, plan.request()).standing();
            List<String> reasons = Executors.mayRun(
                    plan,
                    request.votes(),
                    executor,
                    target,
                    settings,
                    now.planning(),
                    now.people(),
                    now.revision(),
                    clock.instant());
            return reasons.isEmpty()
                    ? new Admission.Admitted(
                            plan, request, Executors.chain(plan, executor).orElseThrow())
                    : new Admission.Refused(reasons);
        });
    }

    /**
     * Begins it, as part of the work that opens its session.
     *
     * @return what records it; empty where another session was first
     */
    public Optional<Entry> begin(
            EntityManager em, Admission.Admitted admitted, Session session, DelegationChain executor) {
        Optional<Entry> begun =
                book().begin(em, admitted.plan().id(), session.id().toString(), executor);
        if (begun.isPresent()) {
            runs.put(
                    session.id(),
                    new PlanRun(
                            admitted.plan(),
                            session.id().toString(),
                            admitted.request().held().terms()));
        }
        return begun;
    }

    /** The plan that a session runs; quick, because it is asked with every command. */
    public Optional<PlanRun> of(SessionId session) {
        return runs.isEmpty() ? Optional.empty() : Optional.ofNullable(runs.get(session));
    }

    /**
     * Does what a decision of {@link PlanRun#decide} says: lets the plan's next command go, once, or ends the plan.
     *
     * @param entry   the command's own, with a decision
     * @param refusal what the connector is told where it does not run
     */
    public CompletionStage<Verdict> judged(
            PlanRun run,
            Command command,
            Decision decision,
            Function<Decision, Entry> entry,
            Function<Decision, Verdict> refusal) {
        if (decision.ruling() != Ruling.PERMIT) {
            return refused(run, command, entry.apply(decision), refusal.apply(decision));
        }
        Verdict permit = new Verdict.Permit(decision.obligations());
        if (command.phase() == Command.Phase.PREPARE) {
            return ledger.append(entry.apply(decision), permit);
        }
        return book().step(run, run.next(), command, entry.apply(decision)).thenCompose(let -> {
            if (let) {
                run.went(command.number());
                return CompletableFuture.completedFuture(permit);
            }
            run.end("it was ended by others");
            Decision late = run.decide(command, policy.current().planning(), () -> decision);
            return ledger.append(entry.apply(late), refusal.apply(late));
        });
    }

    private CompletionStage<Verdict> refused(PlanRun run, Command command, Entry entry, Verdict refusal) {
        if (run.over().isPresent() || run.next() == run.plan().steps().size()) {
            return ledger.append(entry, refusal);
        }
        String why = "command " + command.number() + " of its session was refused";
        run.end(why);
        return book().end(run.plan().id(), why, entry).thenApply(ended -> refusal);
    }

    /** @return what records it; empty where the command was no step of a plan */
    public Optional<CompletableFuture<Boolean>> finished(Outcome outcome, Entry entry) {
        Optional<PlanRun> run = of(outcome.session().id());
        Optional<Integer> step = run.flatMap(each -> each.step(outcome.command()));
        if (step.isEmpty()) {
            return Optional.empty();
        }
        if (outcome.status() != Outcome.Status.DONE) {
            run.get().end(PlanBook.failed(step.get(), outcome));
        }
        return Optional.of(
                book().finished(run.get(), step.get(), outcome, entry).thenApply(state -> true));
    }

    /** The session has not opened after all; what was perhaps stored of it is found by {@link #turn}. */
    public void forget(SessionId session) {
        runs.remove(session);
    }

    /** The session is over. What cannot be recorded now is found by {@link #turn}. */
    public void left(SessionId session, String why) {
        PlanRun run = runs.remove(session);
        if (run != null) {
            book().leave(run.plan().id(), session.toString(), why).exceptionally(failure -> {
                LOG.log(
                        Level.WARNING,
                        "that session {0} has left plan {1} is recorded once the store is back: {2}",
                        session,
                        run.plan().id(),
                        failure.getMessage());
                return false;
            });
        }
    }

    /** Ends it before its last command, and the session that runs it. */
    void end(PlanStanding plan, String why) {
        Ledger.await(book().end(plan.id(), why, null));
        runs.values().stream().filter(run -> run.plan().id() == plan.id()).forEach(run -> {
            run.end(why);
            adapters.end(plan.protocol(), SessionId.parse(run.session()), "plan " + plan.id() + " was ended: " + why);
        });
    }

    /** To be called about once a second: ends what was not begun in time, and what nobody runs any more. */
    public void turn() {
        Instant now = clock.instant();
        String revision = policy.isThere() ? policy.current().revision() : "";
        for (PlanStanding plan : store.aside(em -> em.createQuery(OPEN, CommandPlan.class).getResultList().stream()
                .map(CommandPlan::standing)
                .toList())) {
            plan.overdue(now, revision).ifPresent(why -> Ledger.await(book().end(plan.id(), why, null)));
            plan.session()
                    .map(SessionId::parse)
                    .filter(session -> plan.state() == PlanState.RUNNING && !runs.containsKey(session))
                    .ifPresent(session ->
                            Ledger.await(book().leave(plan.id(), session.toString(), "the gateway lost sight of it")));
        }
    }

    @Override
    public List<Entry> of(EntityManager em, Standing ended, Instant now) {
        return book().of(em, ended, now);
    }

    private PlanBook book() {
        return new PlanBook(ledger.committer(), clock);
    }
}
