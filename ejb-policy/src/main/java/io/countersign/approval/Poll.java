package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.identity.People;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a vote does to its request, and what taking it back undoes: one transaction of the ledger's each. Whether a vote
 * counts at all, {@link Approvers} says.
 */
final class Poll {

    private final Endings endings;
    private final Function<Held, Today> today;

    /**
     * A ballot paper: what somebody would cast.
     *
     * @param may whether it counts, by how the request stands
     */
    record Paper(
            DelegationChain voter,
            Choice choice,
            String comment,
            BiFunction<Standing, Circumstances, Eligibility> may) {}

    /** @param today what the policy in force says of a held command */
    Poll(Endings endings, Function<Held, Today> today) {
        this.endings = endings;
        this.today = today;
    }

    /** Counts a vote, or records why not. */
    Written<Voted> cast(EntityManager store, long id, Paper paper, People people, Instant now) {
        ApprovalRequest request = store.find(ApprovalRequest.class, id);
        if (request == null) {
            return Written.of(new Voted.NotFound(), RequestRecords.notFound(now, id, paper.voter(), paper.choice()));
        }
        Standing before = request.standing();
        if (before.state() != State.PENDING) {
            String reason = "The request is " + RequestRecords.word(before.state()) + " already.";
            return Written.of(
                    new Voted.Closed(before),
                    RequestRecords.refused(now, before, paper.voter(), paper.choice(), List.of(reason)));
        }
        if (before.expired(now)) {
            request.end(State.EXPIRED, now);
            Standing after = request.standing();
            return endings.recorded(
                    store,
                    after,
                    new Voted.Closed(after),
                    RequestRecords.ended(now, after, Endings.late(before)),
                    RequestRecords.refused(
                            now, after, paper.voter(), paper.choice(), List.of("The request is expired already.")));
        }
        int pending = before.held().limitsPending()
                ? Ballots.pendingOf(store, paper.voter().actor(), id, people)
                : 0;
        Circumstances circumstances = new Circumstances(people, now, pending, today.apply(before.held()));
        if (paper.may().apply(before, circumstances) instanceof Excluded excluded) {
            return Written.of(
                    new Voted.NotAllowed(excluded.reasons()),
                    RequestRecords.refused(now, before, paper.voter(), paper.choice(), excluded.reasons()));
        }
        return count(
                store, request, new Ballot(paper.voter().actor(), paper.choice(), paper.comment(), now), circumstances);
    }

    /** Takes the voter's own approval back, and those that others gave on the strength of it; or records why not. */
    Written<Voted> withdraw(EntityManager store, long id, DelegationChain voter, People people, Instant now) {
        ApprovalRequest request = store.find(ApprovalRequest.class, id);
        if (request == null) {
            return Written.of(new Voted.NotFound());
        }
        Standing before = request.standing();
        if (!before.state().isOpen()) {
            return Written.of(new Voted.Closed(before));
        }
        if (before.expired(now)) {
            request.end(State.EXPIRED, now);
            Standing after = request.standing();
            return endings.recorded(
                    store, after, new Voted.Closed(after), RequestRecords.ended(now, after, Endings.late(before)));
        }
        List<Ballot> back = before.withdrawnWith(voter, people);
        if (back.isEmpty()) {
            List<String> reasons = List.of(voter.described() + " has no vote of its own on this request to take back.");
            return Written.of(
                    new Voted.NotAllowed(reasons), RequestRecords.withdrawalRefused(now, before, voter, reasons));
        }
        back.forEach(ballot -> request.drop(Account.of(ballot.voter())).forEach(store::remove));
        if (before.state() == State.READY) {
            request.reopen();
        }
        Standing after = request.standing();
        return new Written<>(
                new Voted.Counted(after),
                back.stream()
                        .map(ballot -> RequestRecords.withdrawn(now, after, ballot, voter.actor()))
                        .toList());
    }

    private Written<Voted> count(
            EntityManager store, ApprovalRequest request, Ballot ballot, Circumstances circumstances) {
        Vote vote = Vote.of(request.id(), ballot);
        store.persist(vote);
        request.count(vote);
        Standing after = request.standing();
        Entry counted = RequestRecords.vote(after, ballot);
        Matter matter = after.held().matter();
        if (ballot.choice() == Choice.REJECT && matter != Matter.REVIEW) {
            request.end(State.REJECTED, ballot.at());
            Standing rejected = request.standing();
            return endings.recorded(
                    store,
                    rejected,
                    new Voted.Counted(rejected),
                    counted,
                    RequestRecords.ended(ballot.at(), rejected, ballot.comment()));
        }
        boolean met = after.allMet(circumstances.people(), circumstances.today());
        if (met && matter != Matter.COMMAND) {
            request.end(after.verdict(), ballot.at());
            Standing done = request.standing();
            return endings.recorded(
                    store,
                    done,
                    new Voted.Counted(done),
                    counted,
                    RequestRecords.ended(
                            ballot.at(),
                            done,
                            switch (matter) {
                                case REVIEW -> "others have reviewed it";
                                case PLAN -> "others approved it as a whole";
                                default -> "others granted it";
                            }));
        }
        if (met && !after.attended()) {
            request.ready(ballot.at());
            Standing ready = request.standing();
            return Written.of(new Voted.Counted(ready), counted, RequestRecords.ready(ballot.at(), ready));
        }
        if (met) {
            request.end(State.APPROVED, ballot.at());
            Standing approved = request.standing();
            return Written.of(new Voted.Counted(approved), counted, RequestRecords.release(ballot.at(), approved));
        }
        return Written.of(new Voted.Counted(after), counted);
    }
}
