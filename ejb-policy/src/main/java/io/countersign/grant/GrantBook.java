package io.countersign.grant;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Consequence;
import io.countersign.approval.Held;
import io.countersign.approval.Matter;
import io.countersign.approval.Opened;
import io.countersign.approval.Standing;
import io.countersign.approval.State;
import io.countersign.grant.GrantStanding.Kind;
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

/** Every step of every grant, each with its entries in one transaction, in the order of the ledger. */
public final class GrantBook implements Consequence {

    private static final String OF_REQUEST = "SELECT g FROM DutyGrant g WHERE g.request = :request";

    private final Committer ledger;
    private final Clock clock;

    public GrantBook(Committer ledger, Clock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    /**
     * Asks others for it: it begins once they approve.
     *
     * @param request what they approve
     */
    public CompletableFuture<GrantStanding> ask(Wanted wanted, Held request) {
        return ledger.submit(store -> {
            Instant now = now();
            Opened opened = Opened.in(store, request, now);
            DutyGrant grant = DutyGrant.of(Kind.GRANT, wanted, opened.standing().id(), now);
            store.persist(grant);
            store.flush();
            GrantStanding standing = grant.standing();
            return Written.of(standing, entry("grant-asked", standing, request.revision(), now), opened.entry());
        });
    }

    /**
     * Begins at once.
     *
     * @param review what others must close
     */
    public CompletableFuture<GrantStanding> breakGlass(Wanted wanted, Held review) {
        return ledger.submit(store -> {
            Instant now = now();
            Opened opened = Opened.in(store, review, now);
            DutyGrant grant =
                    DutyGrant.of(Kind.BREAK_GLASS, wanted, opened.standing().id(), now);
            grant.begin(now);
            store.persist(grant);
            store.flush();
            GrantStanding standing = grant.standing();
            return Written.of(standing, entry("break-glass", standing, review.revision(), now), opened.entry());
        });
    }

    /** Records that somebody tried and may not. */
    public CompletableFuture<Boolean> refused(Kind kind, Wanted wanted, List<String> reasons) {
        return ledger.append(
                Entry.of(kind == Kind.GRANT ? "grant-refused" : "break-glass-refused", now(), json -> {
                    json.objects("chain", wanted.holder().links(), JsonWriter::identity)
                            .text("target", wanted.target())
                            .text("duty", wanted.duty())
                            .text("reason", wanted.reason())
                            .texts("reasons", reasons);
                }),
                true);
    }

    /**
     * Ends it before or at its time.
     *
     * @return how it stands now, if this is what ended it
     */
    public CompletableFuture<Optional<GrantStanding>> end(long id, String why) {
        return ledger.submit(store -> {
            Instant now = now();
            DutyGrant grant = store.find(DutyGrant.class, id);
            if (grant == null || !grant.end(now, why)) {
                return Written.of(Optional.empty());
            }
            return Written.of(Optional.of(grant.standing()), ended(grant.standing(), now));
        });
    }

    /** A grant begins with the approval of its request, and is over with any other end of it. */
    @Override
    public List<Entry> of(EntityManager store, Standing ended, Instant now) {
        if (ended.held().matter() != Matter.GRANT) {
            return List.of();
        }
        return store
                .createQuery(OF_REQUEST, DutyGrant.class)
                .setParameter("request", ended.id())
                .getResultList()
                .stream()
                .map(grant -> {
                    if (ended.state() == State.APPROVED) {
                        grant.begin(now);
                        return entry(
                                "grant-begun", grant.standing(), ended.held().revision(), now);
                    }
                    grant.end(now, "its request was " + ended.state().name().toLowerCase(Locale.ROOT));
                    return ended(grant.standing(), now);
                })
                .toList();
    }

    /** What has not ended yet, whether it has begun or waits. */
    public static List<GrantStanding> open(EntityManager store) {
        return store
                .createQuery("SELECT g FROM DutyGrant g WHERE g.ended IS NULL ORDER BY g.id", DutyGrant.class)
                .getResultList()
                .stream()
                .map(DutyGrant::standing)
                .toList();
    }

    private static Entry entry(String type, GrantStanding grant, String revision, Instant now) {
        return Entry.of(type, now, json -> {
            json.number("grant", grant.id()).number("request", grant.request());
            about(json, grant);
            json.number("seconds", grant.duration().toSeconds());
            grant.since().ifPresent(since -> json.time("since", since));
            grant.until().ifPresent(until -> json.time("until", until));
            grant.session().ifPresent(session -> json.text("in-session", session));
            json.text("policy", revision);
        });
    }

    private static Entry ended(GrantStanding grant, Instant now) {
        return Entry.of("grant-ended", now, json -> {
            json.number("grant", grant.id()).number("request", grant.request());
            about(json, grant);
            json.text("why", grant.why().orElse(""));
        });
    }

    private static void about(JsonWriter json, GrantStanding grant) {
        DelegationChain holder = grant.holder();
        json.text("kind", grant.kind().name())
                .objects("chain", holder.links(), JsonWriter::identity)
                .text("target", grant.target())
                .text("duty", grant.duty())
                .text("reason", grant.reason());
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
