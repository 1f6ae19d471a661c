package io.countersign.approval;

import io.countersign.api.Insight;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request for approval, of a held command or of something else. It is pending until the first of these happens, and then never again: enough
 * persons approve, one rejects, its time is over, the requester withdraws it, or its session ends.
 *
 * <p>Where its rules let the command come again ({@link Held#rerun}), the end of the session only leaves it without a place:
 * it goes on waiting for votes, then for the same command, and is released to that once.
 */
@Entity
@Table(name = "approval_request")
public class ApprovalRequest {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Enumerated(EnumType.STRING)
    @Column(name = "state")
    private State state = State.PENDING;

    /** Where the command waits; null, with the command's number, where no client does. */
    @Column(name = "session_id")
    private @Nullable String session;

    @Column(name = "command")
    private @Nullable Long command;

    @Column(name = "digest")
    private String digest = "";

    @Column(name = "since")
    private @Nullable Instant since;

    @Column(name = "until")
    private @Nullable Instant until;

    @Column(name = "ended")
    private @Nullable Instant ended;

    @Column(name = "held")
    private String held = "";

    @ElementCollection
    @CollectionTable(name = "approval_request_link", joinColumns = @JoinColumn(name = "request_id"))
    @OrderColumn(name = "position")
    private List<Account> links = new ArrayList<>();

    @OneToMany
    @JoinColumn(name = "request_id", insertable = false, updatable = false)
    @OrderBy("id")
    private List<Vote> votes = new ArrayList<>();

    protected ApprovalRequest() {}

    static ApprovalRequest of(Held held, Instant now) {
        ApprovalRequest request = new ApprovalRequest();
        request.place(held);
        request.digest = held.digest().toString();
        request.since = now;
        request.until = earlier(now.plus(held.within()), held, now);
        held.requester().links().stream().map(Account::of).forEach(request.links::add);
        return request;
    }

    public long id() {
        return id;
    }

    public State state() {
        return state;
    }

    /** Whether a client waits for it now. */
    boolean attended() {
        return session != null;
    }

    /** The one step to an end. */
    void end(State to, Instant now) {
        if (!state.isOpen() || to.isOpen()) {
            throw wrong(to);
        }
        state = to;
        ended = now;
    }

    /** The target has said something of it. */
    void observe(List<Insight> insights) {
        held = WrittenHeld.text(held().with(insights));
    }

    /** Its client is gone, and its transaction with it. */
    void leave() {
        session = null;
        command = null;
        until = longest();
    }

    /** The same command came again, from another place. */
    void rejoin(Held again, Instant now) {
        if (!state.isOpen() || attended() || !held().sameAs(again)) {
            throw new IllegalStateException(
                    "request " + id + " is not for command " + again.command() + " of session " + again.session());
        }
        place(again);
        until = earlier(Objects.requireNonNull(until), again, now);
    }

    /** Approved while nobody waits: open to the same command until its window is over. */
    void ready(Instant now) {
        if (state != State.PENDING && state != State.APPROVED) {
            throw wrong(State.READY);
        }
        leave();
        state = State.READY;
        until = now.plus(held().rerun());
        ended = null;
    }

    /** A vote that it was ready by is taken back. */
    void reopen() {
        state = State.PENDING;
        until = longest();
    }

    private Instant longest() {
        return Objects.requireNonNull(since).plus(held().within());
    }

    /** The transaction that it keeps open from now on may have to end before it would expire. */
    private static Instant earlier(Instant until, Held held, Instant now) {
        return held.inTransactionWithin().map(now::plus).filter(until::isAfter).orElse(until);
    }

    private void place(Held where) {
        held = WrittenHeld.text(where);
        if (where.matter() == Matter.COMMAND) {
            session = where.session();
            command = where.command();
        }
    }

    private IllegalStateException wrong(State to) {
        return new IllegalStateException("request " + id + " is " + state + " and cannot become " + to);
    }

    private Held held() {
        return WrittenHeld.read(held);
    }

    /** Takes a vote that is stored in this transaction. */
    void count(Vote vote) {
        votes.add(vote);
    }

    /** Takes back what an account has voted; what it returns is to be removed from the store in this transaction. */
    List<Vote> drop(Account voter) {
        List<Vote> dropped = votes.stream()
                .filter(vote -> Account.of(vote.ballot().voter()).equals(voter))
                .toList();
        votes.removeAll(dropped);
        return dropped;
    }

    public Standing standing() {
        return new Standing(
                id,
                state,
                held(),
                attended(),
                Objects.requireNonNull(since),
                Objects.requireNonNull(until),
                Optional.ofNullable(ended),
                votes.stream().map(Vote::ballot).toList());
    }
}
