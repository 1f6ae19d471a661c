package io.countersign.revision;

import io.countersign.approval.Ballot;
import io.countersign.approval.WrittenAuthor;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import io.countersign.policy.Change;
import io.countersign.policy.Policy.SourceFile;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OneToMany;
import jakarta.persistence.OrderBy;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A proposed revision and its files, kept for ever. It leaves {@link ProposalState#PROPOSED} once and never comes back. */
@Entity
@Table(name = "policy_proposal")
public class PolicyProposal {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    @Column(name = "id")
    private long id;

    @Enumerated(EnumType.STRING)
    @Column(name = "state")
    private ProposalState state = ProposalState.PROPOSED;

    @Enumerated(EnumType.STRING)
    @Column(name = "source")
    private Source source = Source.FOLDER;

    @Column(name = "revision")
    private String revision = "";

    @Column(name = "base")
    private String base = "";

    @Column(name = "author")
    private String author = "";

    @Column(name = "note")
    private String comment = "";

    @Column(name = "files")
    private String files = "";

    @Column(name = "changes")
    private String changes = "";

    /** What each of its rules means, by digest: see {@link io.countersign.policy.Policy#forms}. */
    @Column(name = "forms")
    private String forms = "";

    @Column(name = "proposed")
    private @Nullable Instant proposed;

    @Column(name = "in_force")
    private @Nullable Instant inForce;

    @Column(name = "ended")
    private @Nullable Instant ended;

    @OneToMany
    @JoinColumn(name = "proposal_id", insertable = false, updatable = false)
    @OrderBy("id")
    private List<PolicyVote> votes = new ArrayList<>();

    protected PolicyProposal() {}

    static PolicyProposal of(Draft draft, Instant now) {
        PolicyProposal proposal = new PolicyProposal();
        proposal.source = draft.source();
        proposal.revision = draft.policy().revision();
        proposal.base = draft.base().orElse("");
        proposal.author = JsonWriter.document(json -> WrittenAuthor.write(json, draft.author()));
        proposal.comment = draft.comment();
        proposal.files = JsonWriter.document(json -> json.objects(
                "files",
                draft.policy().files(),
                (one, file) -> one.text("name", file.name()).text("text", file.text())));
        proposal.changes = JsonWriter.document(json -> json.objects(
                "changes",
                draft.changes(),
                (one, change) -> one.text("kind", change.kind().name()).text("words", change.words())));
        proposal.forms =
                JsonWriter.document(json -> json.texts("forms", draft.policy().forms()));
        proposal.proposed = now;
        return proposal;
    }

    public long id() {
        return id;
    }

    public String revision() {
        return revision;
    }

    public ProposalState state() {
        return state;
    }

    void takeEffect(Instant now) {
        leave(ProposalState.PROPOSED, ProposalState.IN_FORCE);
        inForce = now;
    }

    void reject(Instant now) {
        leave(ProposalState.PROPOSED, ProposalState.REJECTED);
        ended = now;
    }

    void supersede(Instant now) {
        leave(
                state == ProposalState.IN_FORCE ? ProposalState.IN_FORCE : ProposalState.PROPOSED,
                ProposalState.SUPERSEDED);
        ended = now;
    }

    private void leave(ProposalState from, ProposalState to) {
        if (state != from) {
            throw new IllegalStateException("proposal " + id + " is " + state + " and cannot become " + to);
        }
        state = to;
    }

    /** Takes a vote that is stored in this transaction. */
    void count(PolicyVote vote) {
        votes.add(vote);
    }

    Map<String, String> forms() {
        return JsonReader.of(forms).map("forms");
    }

    public Proposal proposal() {
        return new Proposal(
                id,
                state,
                source,
                revision,
                Optional.of(base).filter(text -> !text.isEmpty()),
                WrittenAuthor.read(JsonReader.of(author)),
                comment,
                JsonReader.of(files).objects("files", file -> new SourceFile(file.text("name"), file.text("text"))),
                JsonReader.of(changes)
                        .objects(
                                "changes",
                                change -> new Change(Change.Kind.valueOf(change.text("kind")), change.text("words"))),
                Objects.requireNonNull(proposed),
                Optional.ofNullable(inForce),
                Optional.ofNullable(ended),
                ballots());
    }

    private List<Ballot> ballots() {
        return votes.stream().map(PolicyVote::ballot).toList();
    }
}
