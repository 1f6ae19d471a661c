package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Insight;
import io.countersign.api.Obligation;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.ledger.Entry;
import io.countersign.policy.Stage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits in a connector, and the one who lets it go: after the decision is on disk, once, whoever decides.
 */
public final class HeldCommand {

    private static final Logger LOG = System.getLogger(HeldCommand.class.getName());

    private final Docket docket;
    private final Release release;
    private final Executor executor;
    private final SessionId session;
    private final Held held;
    private final Digest digest;
    private final List<Obligation> obligations;
    private final CompletableFuture<Standing> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> announced = new CompletableFuture<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    /** The way back into the connector: {@link io.countersign.api.GatewayConnection#release}. */
    @FunctionalInterface
    public interface Release {
        boolean release(SessionId session, long command, Digest digest, Verdict verdict);
    }

    /**
     * @param executor    carries what follows a commit and never waits; neither the committer's own thread nor one that waits for this
     * @param digest      the command's own digest, which the connector compares
     * @param obligations what was decided with the hold, to be met when it runs
     */
    public HeldCommand(
            Docket docket,
            Release release,
            Executor executor,
            SessionId session,
            Held held,
            Digest digest,
            List<Obligation> obligations) {
        this.docket = docket;
        this.release = release;
        this.executor = executor;
        this.session = session;
        this.held = held;
        this.digest = digest;
        this.obligations = List.copyOf(obligations);
    }

    /** Opens the request, or joins one; an approved one is all it needs. The connector must be told to hold before {@link #announced}. */
    public CompletableFuture<Standing> open(Entry command, LongConsumer numbered) {
        return docket.hold(held, command, numbered).whenComplete((standing, failure) -> {
            if (failure == null) {
                settled.set(standing.state() == State.APPROVED);
                opened.complete(standing);
            } else {
                settled.set(true);
                opened.completeExceptionally(failure);
                announced.completeExceptionally(failure);
            }
        });
    }

    /** The connector knows that it holds; from now on it can be told to let go. */
    public void announced() {
        announced.complete(null);
    }

    public CompletableFuture<Voted> vote(DelegationChain voter, Choice choice, String comment) {
        return opened.thenCompose(request -> docket.vote(request.id(), voter, choice, comment))
                .thenApplyAsync(this::settled, executor);
    }

    /** An automatic approver has answered. */
    public CompletableFuture<Voted> answer(Stage.Automatic approver, Choice choice, String reason) {
        return opened.thenCompose(request -> docket.answer(request.id(), approver, choice, reason))
                .thenApplyAsync(this::settled, executor);
    }

    /** Takes a vote back; the connector goes on waiting. */
    public CompletableFuture<Voted> withdrawVote(DelegationChain voter) {
        return opened.thenCompose(request -> docket.withdraw(request.id(), voter))
                .thenApplyAsync(this::settled, executor);
    }

    private Voted settled(Voted voted) {
        switch (voted) {
            case Voted.Counted counted -> settle(counted.after());
            case Voted.Closed closed -> settle(closed.standing());
            case Voted.NotAllowed notAllowed -> {}
            case Voted.NotFound notFound -> {}
        }
        return voted;
    }

    /** Ends it without a vote: expired, withdrawn or abandoned. */
    public CompletableFuture<Optional<Standing>> end(State to, String why) {
        return opened.thenCompose(request -> docket.end(request.id(), held, to, why))
                .thenApplyAsync(
                        ended -> {
                            ended.ifPresent(this::settle);
                            return ended;
                        },
                        executor);
    }

    /** Keeps with the request what the target says of it. */
    public CompletableFuture<Optional<Standing>> observed(List<Insight> insights) {
        return opened.thenCompose(request -> docket.observed(request.id(), held, insights));
    }

    /** Lets the connector know how the request ended, unless it knows; nothing where it is open, or waits elsewhere now. */
    public void settle(Standing standing) {
        if (standing.state().isOpen() || !standing.held().isAt(held) || !settled.compareAndSet(false, true)) {
            return;
        }
        announced.thenRunAsync(() -> tell(standing), executor).exceptionally(this::lost);
    }

    private void tell(Standing standing) {
        boolean told =
                release.release(session, held.command(), digest, HeldVerdicts.ended(standing, held, obligations));
        if (!told && standing.state() == State.APPROVED) {
            LOG.log(
                    Level.WARNING,
                    "request {0} was approved, but session {1} does not hold its command any more: it has not run",
                    standing.id(),
                    session);
            docket.releaseFailed(standing.id(), "the session did not hold the command any more")
                    .exceptionally(failure -> {
                        LOG.log(
                                Level.WARNING,
                                "that request " + standing.id() + " did not run is not on the ledger",
                                failure);
                        return Optional.empty();
                    });
        }
    }

    private @Nullable Void lost(Throwable failure) {
        LOG.log(Level.ERROR, "session " + session + " could not be told how its command ended", failure);
        return null;
    }
}
