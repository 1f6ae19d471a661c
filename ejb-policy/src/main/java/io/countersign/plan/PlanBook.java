package io.countersign.plan;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Outcome;
import io.countersign.approval.Consequence;
import io.countersign.approval.Held;
import io.countersign.approval.Matter;
import io.countersign.approval.Opened;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Every step of every plan, each with its entries in one transaction, in the order of the ledger. */
public final class PlanBook implements Consequence {

    private final Committer ledger;
    private final Clock clock;

    public PlanBook(Committer ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Asks others to approve it.
     *
     * @param lasts how long after that it may be begun
     */
    public CompletableFuture<PlanStanding> submit(Draft draft, Held request, Duration lasts) {
        return ledger.submit(store -> {
            Instant now = now();
            Opened opened = Opened.in(store, request, now);
            CommandPlan plan = CommandPlan.of(draft, request, opened.standing().id(), lasts, now);
            store.persist(plan);
            store.flush();
            PlanStanding standing = plan.standing();
            return Written.of(standing, PlanRecords.submitted(standing, draft, request, now), opened.entry());
        });
    }

    /** Records that somebody tried and may not. */
    public CompletableFuture<Boolean> refused(Draft draft, List<String> reasons) {
        return ledger.append(PlanRecords.refused(draft, reasons, now()), true);
    }

    /**
     * Begins it, as part of the work that opens its session.
     *
     * @return what records it; empty where another session was first, or where it is over
     */
    public Optional<Entry> begin(EntityManager store, long id, String session, DelegationChain executor) {
        CommandPlan plan = store.find(CommandPlan.class, id);
        if (plan == null || plan.standing().state() != PlanState.READY) {
            return Optional.empty();
        }
        plan.begin(session, executor);
        return Optional.of(PlanRecords.begun(plan.standing(), now()));
    }

    /**
     * Lets its next step go, once.
     *
     * @param step  its place, from 0
     * @param entry the command's own, which goes on the ledger with it
     * @return false where it is not the next any more: then nothing is recorded
     */
    public CompletableFuture<Boolean> step(PlanRun run, int step, Command command, Entry entry) {
        return ledger.submit(store -> {
            CommandPlan plan = store.find(CommandPlan.class, run.plan().id());
            if (plan == null
                    || !isAt(plan.standing(), run.session())
                    || plan.standing().done().size() != step) {
                return Written.of(false);
            }
            Instant now = now();
            plan.step(command.number(), now);
            return Written.of(true, entry, PlanRecords.step(plan.standing(), step, command, now));
        });
    }

    /** How a step was answered: the last one is the plan's end, and so is one that failed. */
    public CompletableFuture<PlanState> finished(PlanRun run, int step, Outcome outcome, Entry entry) {
        return ledger.submit(store -> {
            CommandPlan plan = store.find(CommandPlan.class, run.plan().id());
            plan.answered(step, outcome);
            boolean ends = outcome.status() == Outcome.Status.DONE
                    ? plan.standing().complete() && plan.end(PlanState.DONE, now(), null)
                    : plan.end(PlanState.ENDED, now(), failed(step, outcome));
            PlanStanding after = plan.standing();
            return ends
                    ? Written.of(after.state(), entry, PlanRecords.ended(after, now()))
                    : Written.of(after.state(), entry);
        });
    }

    /** Why a plan ends by the answer to one of its steps. */
    public static String failed(int step, Outcome outcome) {
        return "command " + (step + 1)
                + (outcome.status() == Outcome.Status.UNKNOWN
                        ? " may or may not have been carried out"
                        : " failed: " + outcome.detail());
    }

    /**
     * Ends it before its last step was carried out.
     *
     * @param entry what is recorded beside it, whether or not it had ended before
     * @return how it stands now, if this is what ended it
     */
    public CompletableFuture<Optional<PlanStanding>> end(long id, String why, @Nullable Entry entry) {
        return ledger.submit(store -> {
            CommandPlan plan = store.find(CommandPlan.class, id);
            List<Entry> beside = entry == null ? List.of() : List.of(entry);
            if (plan == null || !plan.end(PlanState.ENDED, now(), why)) {
                return new Written<>(Optional.empty(), beside);
            }
            PlanStanding after = plan.standing();
            return new Written<>(
                    Optional.of(after),
                    Stream.concat(beside.stream(), Stream.of(PlanRecords.ended(after, now())))
                            .toList());
        });
    }

    /** Its session is over: that ends it, or leaves it to another one where nothing of it has run. */
    public CompletableFuture<Boolean> leave(long id, String session, String why) {
        return ledger.submit(store -> {
            CommandPlan plan = store.find(CommandPlan.class, id);
            if (plan == null || !isAt(plan.standing(), session)) {
                return Written.of(false);
            }
            Instant now = now();
            if (plan.standing().done().isEmpty()) {
                plan.leave();
                return Written.of(true, PlanRecords.left(plan.standing(), session, why, now));
            }
            plan.end(PlanState.ENDED, now, "its session ended: " + why);
            return Written.of(true, PlanRecords.ended(plan.standing(), now));
        });
    }

    /** A plan is ready with the approval of its request, and is over with any other end of it. */
    @Override
    public List<Entry> of(EntityManager store, Standing ended, Instant now) {
        if (ended.held().matter() != Matter.PLAN) {
            return List.of();
        }
        return store
                .createQuery("SELECT p FROM CommandPlan p WHERE p.request = :request", CommandPlan.class)
                .setParameter("request", ended.id())
                .getResultList()
                .stream()
                .map(plan -> {
                    if (ended.state() == State.APPROVED) {
                        plan.ready(now);
                        return PlanRecords.ready(plan.standing(), now);
                    }
                    plan.end(
                            PlanState.ENDED,
                            now,
                            "its request was " + ended.state().name().toLowerCase(Locale.ROOT));
                    return PlanRecords.ended(plan.standing(), now);
                })
                .toList();
    }

    private static boolean isAt(PlanStanding plan, String session) {
        return plan.state() == PlanState.RUNNING
                && plan.session().filter(session::equals).isPresent();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
