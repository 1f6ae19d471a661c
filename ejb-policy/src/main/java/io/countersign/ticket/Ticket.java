package io.countersign.ticket;

import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.approval.Account;
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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A ticket as it is stored: whom it stands for, where and until when, and the hash of its secret. */
@Entity
@Table(name = "ticket")
public class Ticket {

    /** Longer reasons, as the names in a long chain may make them, are cut. */
    private static final int LONGEST_WHY = 2_000;

    /** Whatever a token says of its end, stores know no later one. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Column(name = "hash")
    private String hash = "";

    @Enumerated(EnumType.STRING)
    @Column(name = "made_by")
    private Proof.Way by = Proof.Way.TOKEN;

    @Column(name = "holder")
    private String holder = "";

    @Column(name = "protocol")
    private String protocol = "";

    @Column(name = "target")
    private String target = "";

    @Column(name = "reason")
    private String reason = "";

    @Column(name = "made")
    private @Nullable Instant made;

    @Column(name = "until")
    private @Nullable Instant until;

    @Column(name = "proof_until")
    private @Nullable Instant proofUntil;

    @Column(name = "last_used")
    private @Nullable Instant lastUsed;

    @Column(name = "revoked")
    private @Nullable Instant revoked;

    @Column(name = "revoked_why")
    private @Nullable String why;

    @ElementCollection
    @CollectionTable(name = "ticket_link", joinColumns = @JoinColumn(name = "ticket_id"))
    @OrderColumn(name = "position")
    private List<Account> links = new ArrayList<>();

    protected Ticket() {}

    static Ticket of(Wish wish, Digest hash, Instant now, Instant until) {
        Ticket ticket = new Ticket();
        ticket.hash = hash.toString();
        ticket.by = wish.proof().way();
        ticket.holder =
                JsonWriter.document(json -> json.objects("chain", wish.holder().links(), JsonWriter::identity));
        ticket.protocol = wish.protocol();
        ticket.target = wish.target();
        ticket.reason = wish.reason();
        ticket.made = now;
        ticket.until = until.truncatedTo(ChronoUnit.MICROS);
        Instant proof = wish.proof().until();
        ticket.proofUntil =
                (proof.isAfter(now.plus(FOREVER)) ? now.plus(FOREVER) : proof).truncatedTo(ChronoUnit.MICROS);
        wish.holder().links().stream().map(Account::of).forEach(ticket.links::add);
        return ticket;
    }

    /** Whether this is its secret; in constant time. */
    public boolean opensBy(TicketSecret secret) {
        return Digest.parse(hash).equals(TicketSecret.hash(secret.random()));
    }

    void use(Instant now) {
        lastUsed = now;
    }

    /** @return false where it was revoked before */
    boolean revoke(Instant now, String because) {
        if (revoked != null) {
            return false;
        }
        revoked = now;
        why = because.length() <= LONGEST_WHY ? because : because.substring(0, LONGEST_WHY);
        return true;
    }

    public TicketStanding standing() {
        return new TicketStanding(
                id,
                new DelegationChain(JsonReader.of(holder).objects("chain", JsonReader::identity)),
                by,
                protocol,
                target,
                reason,
                Objects.requireNonNull(made),
                Objects.requireNonNull(until),
                Objects.requireNonNull(proofUntil),
                Optional.ofNullable(lastUsed),
                Optional.ofNullable(revoked),
                Optional.ofNullable(why));
    }
}
