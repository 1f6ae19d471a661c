package io.countersign.approval.boundary;

import io.countersign.adapter.boundary.Adapters;
import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Insight;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.api.Verdict;
import io.countersign.approval.Choice;
import io.countersign.approval.Consequence;
import io.countersign.approval.Docket;
import io.countersign.approval.Held;
import io.countersign.approval.HeldCommand;
import io.countersign.approval.HeldVerdicts;
import io.countersign.approval.Matter;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.approval.Today;
import io.countersign.approval.Unattended;
import io.countersign.approval.Voted;
import io.countersign.ledger.Entry;
import io.countersign.ledger.boundary.JtaStore;
import io.countersign.ledger.boundary.Ledger;
import io.countersign.policy.Decision;
import io.countersign.policy.Policy;
import io.countersign.policy.Stage;
import io.countersign.policy.boundary.PolicyInForce;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.Singleton;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The held commands of this process: one {@link PendingApproval} each, found by request and by session. */
@Singleton
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class PendingApprovals {

    private static final Logger LOG = System.getLogger(PendingApprovals.class.getName());

    @Inject
    private Ledger ledger;

    @Inject
    private JtaStore store;

    @Inject
    private Adapters adapters;

    @Inject
    private PolicyInForce policy;

    /** Of those parts that ask for approval of something else than a command. */
    @Inject
    private Instance<Consequence> consequences;

    @Inject
    private Background background;

    @Inject
    @ConfigProperty(name = "countersign.console.url", defaultValue = "http://localhost:8080/")
    private String console;

    private final Clock clock = Clock.systemUTC();
    private final WaitingRoom room = new WaitingRoom();

    /**
     * Holds a command, or lets it go at once where the same one was approved after its client had gone.
     *
     * @param elevated the duties that the requester has for a time
     * @param owners   who owns an agent of the requester's chain
     * @param explain  whether the target may be asked for its plan
     * @return completes once its request is on disk, with what the client is to be told
     */
    public CompletionStage<Verdict> hold(
            Command command,
            Decision decision,
            Set<String> elevated,
            List<Held.Owner> owners,
            Entry entry,
            boolean explain) {
        Session session = command.session();
        HeldCommand held = new HeldCommand(
                docket(),
                (id, number, digest, verdict) -> adapters.release(session.protocol(), id, number, digest, verdict),
                background.prompt(),
                session.id(),
                Held.of(command, decision, owners, policy.framers(decision)),
                command.digest(),
                decision.obligations());
        Waiting waiting = new Waiting(command, elevated, newBean(), held);
        room.enter(waiting);
        CompletableFuture<Verdict> told = waiting.bean
                .open(held, entry, request -> room.numbered(waiting, request))
                .thenApply(standing -> {
                    waiting.until = standing.until();
                    return standing.state() == State.APPROVED
                            ? new Verdict.Permit(decision.obligations())
                            : HeldVerdicts.waiting(standing, decision, page(standing.id()), explain);
                });
        // Registered first, so run last: the connector hears of the hold before it can hear of its end.
        told.whenComplete((verdict, failure) -> {
            if (failure == null && verdict instanceof Verdict.Hold) {
                held.announced();
                background.announce(waiting.request, State.PENDING);
            } else if (failure == null) {
                forget(waiting);
                background.announce(waiting.request, State.APPROVED);
            } else {
                forget(waiting);
            }
        });
        return told;
    }

    /** Votes on a request, whether its command waits here or nowhere any more. */
    public Voted vote(long request, DelegationChain voter, Choice choice, String comment) {
        Waiting waiting = room.of(request);
        Voted voted = Ledger.await(
                waiting == null
                        ? docket().vote(request, voter, choice, comment)
                        : waiting.bean.vote(voter, choice, comment));
        return told(waiting, voted);
    }

    /** Counts what an automatic approver has answered. */
    public Voted answer(long request, Stage.Automatic approver, Choice choice, String reason) {
        Waiting waiting = room.of(request);
        Voted voted = Ledger.await(
                waiting == null
                        ? docket().answer(request, approver, choice, reason)
                        : waiting.bean.answer(approver, choice, reason));
        return told(waiting, voted);
    }

    private Voted told(@Nullable Waiting waiting, Voted voted) {
        switch (voted) {
            case Voted.Counted counted -> changed(waiting, counted.after());
            case Voted.Closed closed -> changed(waiting, closed.standing());
            case Voted.NotAllowed notAllowed -> {}
            case Voted.NotFound notFound -> {}
        }
        return voted;
    }

    /** Takes the voter's own vote on a pending request back. */
    public Voted withdrawVote(long request, DelegationChain voter) {
        Waiting waiting = room.of(request);
        Voted voted =
                Ledger.await(waiting == null ? docket().withdraw(request, voter) : waiting.bean.withdrawVote(voter));
        if (voted instanceof Voted.Counted counted) {
            background.announce(request, counted.after().state());
        }
        return voted;
    }

    /** What the target says of a held command, for whoever decides it. */
    public void observed(SessionId session, long command, List<Insight> insights) {
        Waiting waiting = room.at(session, command);
        if (waiting != null) {
            waiting.held.observed(insights).whenComplete((seen, failure) -> {
                if (failure == null) {
                    seen.ifPresent(standing -> background.announce(standing.id(), standing.state()));
                } else {
                    LOG.log(
                            Level.WARNING,
                            "what the target says of request " + waiting.request
                                    + " could not be recorded and is not shown",
                            failure);
                }
            });
        }
    }

    /** The requester gives a held command up. */
    public void withdraw(SessionId session, long command) {
        Waiting waiting = room.at(session, command);
        if (waiting != null) {
            end(waiting, State.WITHDRAWN, "the requester withdrew it");
        }
    }

    /** One of those who ask gives a request up, wherever it waits. */
    public Voted giveUp(long request, DelegationChain requester) {
        return told(null, Ledger.await(docket().giveUp(request, requester)));
    }

    /** The session is over: nobody is there any more to run what it held. */
    public void abandon(SessionId session, String why) {
        room.of(session).forEach(waiting -> end(waiting, State.ABANDONED, why));
    }

    /** To be called several times a second: ends what nobody decided in time, and what could not be ended before. */
    public void expire() {
        Instant now = clock.instant();
        for (Waiting waiting : room.due(now)) {
            Waiting.Owed owed = waiting.owed;
            if (owed == null) {
                end(waiting, State.EXPIRED, "nobody decided in time");
            } else {
                end(waiting, owed.to(), owed.why());
            }
        }
    }

    /** To be called about once a second: ends requests whose clients are gone and whose time is over. */
    public void lapse() {
        Instant now = clock.instant();
        for (long request : store.aside(em -> Unattended.overdue(em, now))) {
            Ledger.await(docket().lapse(request))
                    .ifPresent(standing -> background.announce(standing.id(), standing.state()));
        }
    }

    /** Closes what an earlier process left pending, or leaves it without a client: the sessions that held it are gone. */
    public int recover(List<Long> left) {
        Docket docket = docket();
        for (long request : left) {
            Ledger.await(docket.end(request, State.ABANDONED, "the gateway that held it stopped"));
        }
        return left.size();
    }

    private Docket docket() {
        List<Consequence> all = consequences.stream().toList();
        return new Docket(
                ledger.committer(),
                clock,
                () -> policy.current().people(),
                this::today,
                (em, ended, now) -> all.stream()
                        .flatMap(each -> each.of(em, ended, now).stream())
                        .toList());
    }

    /** What the policy in force says of a command that waits here, where it is not the one that held it any more. */
    public Today today(Held held) {
        Policy now = policy.current();
        if (held.matter() == Matter.PLAN && !now.revision().equals(held.revision())) {
            return new Today(Optional.of("a plan runs under the policy that judged it; submit it again."), List.of());
        }
        Waiting waiting = held.matter() != Matter.COMMAND || now.revision().equals(held.revision())
                ? null
                : room.at(new SessionId(UUID.fromString(held.session())), held.command());
        return waiting == null ? Today.SAME : Today.of(now.decide(waiting.command, waiting.elevated, clock.instant()));
    }

    private void end(Waiting waiting, State to, String why) {
        waiting.bean.end(to, why).whenComplete((ended, failure) -> {
            if (failure != null) {
                if (waiting.owed == null) {
                    LOG.log(
                            Level.ERROR,
                            "request " + waiting.request + " could not be closed; it will be tried again",
                            failure);
                }
                waiting.owed = new Waiting.Owed(to, why);
            } else {
                forget(waiting);
                ended.ifPresent(standing -> changed(waiting, standing));
            }
        });
    }

    /** @param told whose connector knows already; another one waits where the command came again meanwhile */
    private void changed(@Nullable Waiting told, Standing standing) {
        Waiting waiting = room.of(standing.id());
        if (waiting != null && waiting != told) {
            waiting.held.settle(standing);
        }
        if (waiting != null && standing.state() != State.PENDING) {
            forget(waiting);
        }
        background.announce(standing.id(), standing.state());
    }

    private void forget(Waiting waiting) {
        if (room.leave(waiting)) {
            background.patient().execute(waiting.bean::forget);
        }
    }

    private URI page(long request) {
        return URI.create((console.endsWith("/") ? console : console + "/") + "request?id=" + request);
    }

    /**
     * A constant name in our own module: nothing that anybody typed is looked up. One at a time: Payara fails when the
     * first stateful beans of a kind are asked for by several threads at once.
     */
    @SuppressWarnings("BanJNDI")
    private synchronized PendingApproval newBean() {
        try {
            return (PendingApproval) new InitialContext().lookup("java:module/PendingApproval");
        } catch (NamingException e) {
            throw new IllegalStateException("the container has no PendingApproval to give", e);
        }
    }
}
