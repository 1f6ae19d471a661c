package io.countersign.grant;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Account;
import io.countersign.grant.GrantStanding.Kind;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
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
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Elevation to a duty on a target, from the moment that somebody asks for it. It begins once and ends once. */
@Entity
@Table(name = "duty_grant")
public class DutyGrant {

    /** Longer reasons, as the names in a long chain may make them, are cut. */
    private static final int LONGEST_WHY = 2_000;

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Enumerated(EnumType.STRING)
    @Column(name = "kind")
    private Kind kind = Kind.GRANT;

    @Column(name = "request_id")
    private long request;

    @Column(name = "holder")
    private String holder = "";

    @Column(name = "target")
    private String target = "";

    @Column(name = "duty")
    private String duty = "";

    @Column(name = "reason")
    private String reason = "";

    @Column(name = "seconds")
    private long seconds;

    @Column(name = "session_id")
    private @Nullable String session;

    @Column(name = "asked")
    private @Nullable Instant asked;

    @Column(name = "since")
    private @Nullable Instant since;

    @Column(name = "until")
    private @Nullable Instant until;

    @Column(name = "ended")
    private @Nullable Instant ended;

    @Column(name = "ended_why")
    private @Nullable String why;

    @ElementCollection
    @CollectionTable(name = "duty_grant_link", joinColumns = @JoinColumn(name = "grant_id"))
    @OrderColumn(name = "position")
    private List<Account> links = new ArrayList<>();

    protected DutyGrant() {}

    /** @param request the number of the approval request, or of the review */
    static DutyGrant of(Kind kind, Wanted wanted, long request, Instant now) {
        DutyGrant grant = new DutyGrant();
        grant.kind = kind;
        grant.request = request;
        grant.holder = JsonWriter.document(
                json -> json.objects("chain", wanted.holder().links(), JsonWriter::identity));
        grant.target = wanted.target();
        grant.duty = wanted.duty();
        grant.reason = wanted.reason();
        grant.seconds = wanted.duration().toSeconds();
        grant.session = wanted.session().orElse(null);
        grant.asked = now;
        wanted.holder().links().stream().map(Account::of).forEach(grant.links::add);
        return grant;
    }

    void begin(Instant now) {
        if (since != null || ended != null) {
            throw new IllegalStateException("grant " + id + " has begun or ended before");
        }
        since = now;
        until = now.plusSeconds(seconds);
    }

    /** @return false where it had ended before */
    boolean end(Instant now, String because) {
        if (ended != null) {
            return false;
        }
        ended = now;
        why = because.length() <= LONGEST_WHY ? because : because.substring(0, LONGEST_WHY);
        return true;
    }

    public GrantStanding standing() {
        return new GrantStanding(
                id,
                kind,
                request,
                new DelegationChain(JsonReader.of(holder).objects("chain", JsonReader::identity)),
                target,
                duty,
                reason,
                Duration.ofSeconds(seconds),
                Optional.ofNullable(session),
                Objects.requireNonNull(asked),
                Optional.ofNullable(since),
                Optional.ofNullable(until),
                Optional.ofNullable(ended),
                Optional.ofNullable(why));
    }
}
