package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Insight;
import io.countersign.identity.People;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Work.Written;
import io.countersign.policy.Stage;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Every step of every approval request, each with its entry in one transaction, in the order of the ledger. The first
 * step out of pending wins; whoever comes later is told how it ended.
 */
public final class Docket {

    private final Committer ledger;
    private final Clock clock;
    private final Supplier<People> people;
    private final Endings endings;
    private final Poll poll;

    /** @param people who is who by the policy in force; asked for each vote */
    public Docket(Committer ledger, Clock clock, Supplier<People> people) {
        this(ledger, clock, people, held -> Today.SAME);
    }

    /** @param today what the policy in force says of a held command; asked for each vote, must be quick */
    public Docket(Committer ledger, Clock clock, Supplier<People> people, Function<Held, Today> today) {
        this(ledger, clock, people, today, Consequence.NONE);
    }

    /** @param consequence what else happens at the end of a request that is about no command */
    public Docket(
            Committer ledger,
            Clock clock,
            Supplier<People> people,
            Function<Held, Today> today,
            Consequence consequence) {
        this.ledger = ledger;
        this.clock = clock;
        this.people = people;
        this.endings = new Endings(consequence);
        this.poll = new Poll(endings, today);
    }

    /**
     * Opens a request; or joins the one that the same command left without a client, and where that is approved, uses its
     * approval up: then it comes back {@link State#APPROVED}, and the command may go on at once.
     *
     * @param command  the command's own entry, which goes on the ledger with it
     * @param numbered is told the request's number before it is committed, and so before anybody can vote; again with
     *                 another number where the transaction is repeated
     */
    public CompletableFuture<Standing> hold(Held held, Entry command, LongConsumer numbered) {
        return ledger.submit(store -> {
            Instant now = now();
            Optional<ApprovalRequest> left = held.rerun().isZero() ? Optional.empty() : Unattended.of(store, held, now);
            if (left.isPresent()) {
                numbered.accept(left.get().id());
                return joined(left.get(), held, command, now);
            }
            ApprovalRequest request = ApprovalRequest.of(held, now);
            store.persist(request);
            store.flush();
            numbered.accept(request.id());
            Standing standing = request.standing();
            return Written.of(standing, command, RequestRecords.held(now, standing));
        });
    }

    private static Written<Standing> joined(ApprovalRequest request, Held held, Entry command, Instant now) {
        boolean ready = request.state() == State.READY;
        request.rejoin(held, now);
        if (ready) {
            request.end(State.APPROVED, now);
        }
        Standing standing = request.standing();
        Entry rejoined = RequestRecords.rejoined(now, standing);
        return ready
                ? Written.of(standing, command, rejoined, RequestRecords.release(now, standing))
                : Written.of(standing, command, rejoined);
    }

    /** Counts a vote, or says on the ledger why not. */
    public CompletableFuture<Voted> vote(long id, DelegationChain voter, Choice choice, String comment) {
        return cast(id, voter, choice, comment, (request, now) -> Approvers.mayApprove(voter, request, now));
    }

    /** Counts an automatic approver's answer at a stage that waits for it, or says on the ledger why not. */
    public CompletableFuture<Voted> answer(long id, Stage.Automatic approver, Choice choice, String reason) {
        return cast(
                id,
                DelegationChain.of(approver.identity()),
                choice,
                reason,
                (request, now) -> Approvers.mayAnswer(approver, request, now));
    }

    private CompletableFuture<Voted> cast(
            long id,
            DelegationChain voter,
            Choice choice,
            String comment,
            BiFunction<Standing, Circumstances, Eligibility> may) {
        People known = people.get();
        return ledger.submit(store -> poll.cast(store, id, new Poll.Paper(voter, choice, comment, may), known, now()));
    }

    /**
     * Takes the voter's own approval back, and with it what others approved in later stages on the strength of it.
     *
     * @return {@link Voted.Counted} with how the request stands without them
     */
    public CompletableFuture<Voted> withdraw(long id, DelegationChain voter) {
        People known = people.get();
        return ledger.submit(store -> poll.withdraw(store, id, voter, known, now()));
    }

    /**
     * Ends a request that nobody decided. One that is abandoned by its client alone goes on without it, where its rules let
     * the command come again.
     *
     * @param why   of one that expires, what the record says is known by itself
     * @param place where the command waits; nothing happens where it waits elsewhere by now
     * @return how it stands now, whatever ended it: an answer that was lost must not leave its command waiting for ever.
     *     Empty where there is no such request, or where it waits elsewhere
     */
    CompletableFuture<Optional<Standing>> end(long id, Held place, State to, String why) {
        return end(id, standing -> standing.attended() && standing.held().isAt(place), to, why);
    }

    /** The same for what an earlier process left, wherever it waited. */
    public CompletableFuture<Optional<Standing>> end(long id, State to, String why) {
        return end(id, Standing::attended, to, why);
    }

    private CompletableFuture<Optional<Standing>> end(long id, Predicate<Standing> concerned, State to, String why) {
        return ledger.submit(store -> {
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null) {
                return Written.of(Optional.empty());
            }
            Standing before = request.standing();
            if (before.state() != State.PENDING) {
                return Written.of(Optional.of(before));
            }
            if (!concerned.test(before)) {
                return Written.of(Optional.empty());
            }
            Instant now = now();
            if (to == State.ABANDONED && before.mayComeAgain(now) && !Unattended.again(store, request, now)) {
                request.leave();
                Standing after = request.standing();
                return Written.of(Optional.of(after), RequestRecords.left(now, after, why));
            }
            request.end(to, now);
            Standing after = request.standing();
            return Written.of(
                    Optional.of(after),
                    RequestRecords.ended(now, after, to == State.EXPIRED ? Endings.late(before) : why));
        });
    }

    /**
     * Keeps what the target says of a command that waits, and records what whoever decides it could see.
     *
     * @return how it stands now; empty where it is not pending any more, or waits elsewhere
     */
    CompletableFuture<Optional<Standing>> observed(long id, Held place, List<Insight> insights) {
        return ledger.submit(store -> {
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null
                    || request.state() != State.PENDING
                    || !request.attended()
                    || !request.standing().held().isAt(place)) {
                return Written.of(Optional.empty());
            }
            request.observe(insights);
            Standing after = request.standing();
            return Written.of(Optional.of(after), RequestRecords.observed(now(), after));
        });
    }

    /**
     * Ends a request whose client is gone and whose time is over.
     *
     * @return how it stands now, if this is what ended it
     */
    public CompletableFuture<Optional<Standing>> lapse(long id) {
        return ledger.submit(store -> {
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            Instant now = now();
            if (request == null || request.attended() || !request.state().isOpen()) {
                return Written.of(Optional.empty());
            }
            Standing before = request.standing();
            if (!before.expired(now)) {
                return Written.of(Optional.empty());
            }
            request.end(State.EXPIRED, now);
            Standing after = request.standing();
            return endings.recorded(
                    store, after, Optional.of(after), RequestRecords.ended(now, after, Endings.late(before)));
        });
    }

    /**
     * One of those who ask gives the request up.
     *
     * @return {@link Voted.Counted} with how it stands now
     */
    public CompletableFuture<Voted> giveUp(long id, DelegationChain requester) {
        return ledger.submit(store -> {
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null) {
                return Written.of(new Voted.NotFound());
            }
            Standing before = request.standing();
            if (!before.state().isOpen()) {
                return Written.of(new Voted.Closed(before));
            }
            Instant now = now();
            if (before.held().matter() == Matter.REVIEW
                    || before.held().requester().links().stream().noneMatch(requester.actor()::sameAccount)) {
                List<String> reasons = List.of(
                        before.held().matter() == Matter.REVIEW
                                ? "A review is closed by others, and by nothing else."
                                : "Only those who ask may give a request up.");
                return Written.of(
                        new Voted.NotAllowed(reasons),
                        RequestRecords.withdrawalRefused(now, before, requester, reasons));
            }
            request.end(State.WITHDRAWN, now);
            Standing after = request.standing();
            return endings.recorded(
                    store,
                    after,
                    new Voted.Counted(after),
                    RequestRecords.ended(now, after, requester.described() + " gave it up"));
        });
    }

    /**
     * Records that an approved command was not there any more when it was to go on: it has not run. Where its rules let it,
     * it may come again.
     */
    public CompletableFuture<Optional<Standing>> releaseFailed(long id, String why) {
        return ledger.submit(store -> {
            Instant now = now();
            ApprovalRequest request = Objects.requireNonNull(store.find(ApprovalRequest.class, id));
            Standing approved = request.standing();
            Entry failed = RequestRecords.releaseFailed(now, approved, why);
            if (approved.held().rerun().isZero()) {
                return Written.of(Optional.empty(), failed);
            }
            request.ready(now);
            Standing after = request.standing();
            return Written.of(Optional.of(after), failed, RequestRecords.ready(now, after));
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
