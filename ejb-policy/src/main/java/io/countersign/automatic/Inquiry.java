package io.countersign.automatic;

import io.countersign.api.Identity;
import io.countersign.approval.Approvers;
import io.countersign.approval.Choice;
import io.countersign.approval.Circumstances;
import io.countersign.approval.Eligibility.Eligible;
import io.countersign.approval.Standing;
import io.countersign.policy.Stage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * Asks the automatic approvers that stages wait for, each once at a time, and has their answers counted. Whether an answer
 * counts is decided with the vote, not here.
 */
public final class Inquiry {

    private static final Logger LOG = System.getLogger(Inquiry.class.getName());

    private final OpaClient opa;
    private final LongFunction<Optional<Standing>> requests;
    private final Function<Standing, Circumstances> circumstances;
    private final Count count;
    private final Executor executor;
    private final Set<Asked> asked = ConcurrentHashMap.newKeySet();
    private final Set<Long> due = ConcurrentHashMap.newKeySet();

    private record Asked(long request, Identity approver) {}

    /** Has an answer counted, or refused, on the ledger; may wait for the disk. */
    @FunctionalInterface
    public interface Count {
        void answer(long request, Stage.Automatic approver, Choice choice, String reason);
    }

    /**
     * @param requests      how a request stands; empty where there is none
     * @param circumstances of an answer to a request now
     * @param executor      carries what follows an answer; waits for it to be counted
     */
    public Inquiry(
            OpaClient opa,
            LongFunction<Optional<Standing>> requests,
            Function<Standing, Circumstances> circumstances,
            Count count,
            Executor executor) {
        this.opa = opa;
        this.requests = requests;
        this.circumstances = circumstances;
        this.count = count;
        this.executor = executor;
    }

    /** Asks whomever a request waits for now. Not for event loops: it reads the store. */
    public void look(long id) {
        try {
            requests.apply(id).ifPresent(this::ask);
        } catch (RuntimeException e) {
            later(id, e);
        }
    }

    /** To be called about once a second: tries again what failed on our side. */
    public void again() {
        for (long id : List.copyOf(due)) {
            due.remove(id);
            look(id);
        }
    }

    private void ask(Standing request) {
        Circumstances now = circumstances.apply(request);
        for (Stage.Automatic approver : request.awaited(now.people(), now.today())) {
            Asked question = new Asked(request.id(), approver.identity());
            if (Approvers.mayAnswer(approver, request, now) instanceof Eligible && asked.add(question)) {
                opa.ask(approver, request)
                        .thenAcceptAsync(
                                answer -> count.answer(request.id(), approver, answer.choice(), answer.reason()),
                                executor)
                        .whenComplete((done, failure) -> {
                            asked.remove(question);
                            if (failure == null) {
                                // It may have been asked for again while its answer was on the way.
                                look(request.id());
                            } else {
                                later(request.id(), failure);
                            }
                        });
            }
        }
    }

    private void later(long request, Throwable failure) {
        if (due.add(request)) {
            LOG.log(
                    Level.WARNING,
                    "what an automatic approver says of request {0} could not be recorded; it is asked again: {1}",
                    request,
                    failure.toString());
        }
    }
}
