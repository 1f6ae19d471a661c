package io.countersign.approval;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.approval.Eligibility.Excluded;
import io.countersign.identity.People;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonWriter;
import io.countersign.ledger.Work.Written;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Every step of every approval request, each with its entry in one transaction, in the order of the ledger. The first
 * step out of pending wins; whoever comes later is told how it ended.
 */
public final class Docket {

    private final Committer ledger;
    private final Clock clock;
    private final Supplier<People> people;
    private final Function<Held, Today> today;

    /** @param people who is who by the policy in force; asked for each vote */
    public Docket(Committer ledger, Clock clock, Supplier<People> people) {
        this(ledger, clock, people, held -> Today.SAME);
    }

    /** @param today what the policy in force says of a held command; asked for each vote, must be quick */
    public Docket(Committer ledger, Clock clock, Supplier<People> people, Function<Held, Today> today) {
        this.ledger = ledger;
        this.clock = clock;
        this.people = people;
        this.today = today;
    }

    /**
     * Opens a request.
     *
     * @param command  the command's own entry, which goes on the ledger with it
     * @param numbered is told the request's number before it is committed, and so before anybody can vote; again with
     *                 another number where the transaction is repeated
     */
    public CompletableFuture<Standing> hold(Held held, Entry command, LongConsumer numbered) {
        return ledger.submit(store -> {
            Instant now = now();
            ApprovalRequest request = ApprovalRequest.of(held, now);
            store.persist(request);
            store.flush();
            numbered.accept(request.id());
            Standing standing = request.standing();
            Entry opened = Entry.of("request-held", now, held.session(), json -> {
                about(json, standing);
                json.text("digest", held.digest().toString()).time("until", standing.until());
                held.writeTerms(json);
            });
            return Written.of(standing, command, opened);
        });
    }

    /** Counts a vote, or says on the ledger why not. */
    public CompletableFuture<Voted> vote(long id, DelegationChain voter, Choice choice, String comment) {
        People known = people.get();
        return ledger.submit(store -> {
            Instant now = now();
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null) {
                return Written.of(new Voted.NotFound(), notFound(now, id, voter, choice));
            }
            Standing before = request.standing();
            if (before.state() != State.PENDING) {
                String reason = "The request is " + words(before.state()) + " already.";
                return Written.of(new Voted.Closed(before), refused(now, before, voter, choice, List.of(reason)));
            }
            if (before.expired(now)) {
                request.end(State.EXPIRED, now);
                Standing after = request.standing();
                return Written.of(
                        new Voted.Closed(after),
                        ended(now, after, "nobody decided in time"),
                        refused(now, after, voter, choice, List.of("The request is expired already.")));
            }
            int pending = before.held().limitsPending() ? Ballots.pendingOf(store, voter.actor(), id, known) : 0;
            Circumstances circumstances = new Circumstances(known, now, pending, today.apply(before.held()));
            if (Approvers.mayApprove(voter, before, circumstances) instanceof Excluded excluded) {
                return Written.of(
                        new Voted.NotAllowed(excluded.reasons()),
                        refused(now, before, voter, choice, excluded.reasons()));
            }
            return count(store, request, new Ballot(voter.actor(), choice, comment, now), circumstances);
        });
    }

    /**
     * Takes the voter's own approval back, and with it what others approved in later stages on the strength of it.
     *
     * @return {@link Voted.Counted} with how the request stands without them
     */
    public CompletableFuture<Voted> withdraw(long id, DelegationChain voter) {
        People known = people.get();
        return ledger.submit(store -> {
            Instant now = now();
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null) {
                return Written.of(new Voted.NotFound());
            }
            Standing before = request.standing();
            if (before.state() != State.PENDING) {
                return Written.of(new Voted.Closed(before));
            }
            if (before.expired(now)) {
                request.end(State.EXPIRED, now);
                Standing after = request.standing();
                return Written.of(new Voted.Closed(after), ended(now, after, "nobody decided in time"));
            }
            List<Ballot> back = before.withdrawnWith(voter, known);
            if (back.isEmpty()) {
                List<String> reasons =
                        List.of(voter.described() + " has no vote of its own on this request to take back.");
                return Written.of(
                        new Voted.NotAllowed(reasons),
                        Entry.of("withdrawal-refused", now, before.held().session(), json -> {
                            about(json, before);
                            json.objects("voter", voter.links(), JsonWriter::identity)
                                    .texts("reasons", reasons);
                        }));
            }
            back.forEach(ballot -> request.drop(Account.of(ballot.voter())).forEach(store::remove));
            Standing after = request.standing();
            return new Written<>(
                    new Voted.Counted(after),
                    back.stream()
                            .map(ballot -> withdrawn(now, after, ballot, voter.actor()))
                            .toList());
        });
    }

    /**
     * Ends a request that nobody decided.
     *
     * @return how it stands now, whatever ended it: an answer that was lost must not leave its command waiting for ever.
     *     Empty where there is no such request
     */
    public CompletableFuture<Optional<Standing>> end(long id, State to, String why) {
        return ledger.submit(store -> {
            ApprovalRequest request = store.find(ApprovalRequest.class, id);
            if (request == null) {
                return Written.of(Optional.empty());
            }
            if (request.state() != State.PENDING) {
                return Written.of(Optional.of(request.standing()));
            }
            Instant now = now();
            request.end(to, now);
            Standing after = request.standing();
            return Written.of(Optional.of(after), ended(now, after, why));
        });
    }

    /** Records that an approved command was not there any more when it was to go on: it has not run. */
    public CompletableFuture<Boolean> releaseFailed(Standing approved, String why) {
        return ledger.append(
                Entry.of("release-failed", now(), approved.held().session(), json -> {
                    about(json, approved);
                    json.text("reason", why);
                }),
                true);
    }

    private static Written<Voted> count(
            EntityManager store, ApprovalRequest request, Ballot ballot, Circumstances circumstances) {
        Vote vote = Vote.of(request.id(), ballot);
        store.persist(vote);
        request.count(vote);
        Standing after = request.standing();
        Entry counted = Entry.of("vote", ballot.at(), after.held().session(), json -> {
            about(json, after);
            json.text("digest", after.held().digest().toString())
                    .text("choice", ballot.choice().name())
                    .object("voter", voter -> JsonWriter.identity(voter, ballot.voter()))
                    .text("comment", ballot.comment());
        });
        if (ballot.choice() == Choice.REJECT) {
            request.end(State.REJECTED, ballot.at());
            Standing rejected = request.standing();
            return Written.of(new Voted.Counted(rejected), counted, ended(ballot.at(), rejected, ballot.comment()));
        }
        if (after.allMet(circumstances.people(), circumstances.today())) {
            request.end(State.APPROVED, ballot.at());
            Standing approved = request.standing();
            return Written.of(new Voted.Counted(approved), counted, release(ballot.at(), approved));
        }
        return Written.of(new Voted.Counted(after), counted);
    }

    /** The grant: on disk before the connector hears of it. */
    private static Entry release(Instant now, Standing approved) {
        return Entry.of("release", now, approved.held().session(), json -> {
            about(json, approved);
            json.text("digest", approved.held().digest().toString())
                    .text("policy", approved.held().revision())
                    .objects("approvers", approved.votes(), (one, ballot) -> JsonWriter.identity(one, ballot.voter()));
        });
    }

    private static Entry withdrawn(Instant now, Standing after, Ballot ballot, Identity by) {
        return Entry.of("vote-withdrawn", now, after.held().session(), json -> {
            about(json, after);
            json.object("voter", voter -> JsonWriter.identity(voter, ballot.voter()))
                    .text(
                            "reason",
                            ballot.voter().sameAccount(by)
                                    ? "the voter took it back"
                                    : by.name() + " took back the vote of an earlier stage");
        });
    }

    private static Entry ended(Instant now, Standing standing, String why) {
        return Entry.of(
                "request-" + words(standing.state()), now, standing.held().session(), json -> {
                    about(json, standing);
                    json.text("reason", why);
                });
    }

    private static Entry refused(
            Instant now, Standing standing, DelegationChain voter, Choice choice, List<String> reasons) {
        return Entry.of("vote-refused", now, standing.held().session(), json -> {
            about(json, standing);
            json.text("choice", choice.name())
                    .objects("voter", voter.links(), JsonWriter::identity)
                    .texts("reasons", reasons);
        });
    }

    private static Entry notFound(Instant now, long id, DelegationChain voter, Choice choice) {
        return Entry.of(
                "vote-refused",
                now,
                json -> json.number("request", id)
                        .text("choice", choice.name())
                        .objects("voter", voter.links(), JsonWriter::identity)
                        .texts("reasons", List.of("There is no such request.")));
    }

    private static void about(JsonWriter json, Standing standing) {
        json.number("command", standing.held().command()).number("request", standing.id());
    }

    private static String words(State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
