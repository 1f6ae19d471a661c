package io.countersign.revision;

import io.countersign.approval.Ballot;
import io.countersign.approval.Choice;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A vote on a proposed revision that counted. The table takes one from each account. */
@Entity
@Immutable
@Table(name = "policy_vote")
public class PolicyVote {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Column(name = "proposal_id")
    private long proposal;

    @Column(name = "issuer")
    private String issuer = "";

    @Column(name = "subject")
    private String subject = "";

    @Column(name = "voter")
    private String voter = "";

    @Enumerated(EnumType.STRING)
    @Column(name = "choice")
    private Choice choice = Choice.REJECT;

    @Column(name = "note")
    private String comment = "";

    @Column(name = "at")
    private @Nullable Instant at;

    protected PolicyVote() {}

    static PolicyVote of(long proposal, Ballot ballot) {
        PolicyVote vote = new PolicyVote();
        vote.proposal = proposal;
        vote.issuer = ballot.voter().issuer();
        vote.subject = ballot.voter().subject();
        vote.voter = JsonWriter.document(json -> JsonWriter.identity(json, ballot.voter()));
        vote.choice = ballot.choice();
        vote.comment = ballot.comment();
        vote.at = ballot.at();
        return vote;
    }

    Ballot ballot() {
        return new Ballot(JsonReader.of(voter).identity(), choice, comment, Objects.requireNonNull(at));
    }
}
