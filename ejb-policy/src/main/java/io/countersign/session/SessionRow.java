package io.countersign.session;

import io.countersign.api.DelegationChain;
import io.countersign.api.Session;
import io.countersign.approval.Account;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.JsonWriter;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.OrderColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A session, to be searched for. Written with its first entry and ended with its last. */
@Entity
@Table(name = "session")
public class SessionRow {

    /** Longer reasons are cut. */
    private static final int LONGEST_REASON = 2_000;

    @Id
    @Column(name = "id")
    private String id = "";

    @Column(name = "chain")
    private String chain = "";

    @Column(name = "protocol")
    private String protocol = "";

    @Column(name = "target")
    private String target = "";

    @Column(name = "client")
    private String client = "";

    @Column(name = "started")
    private @Nullable Instant started;

    @Column(name = "ended")
    private @Nullable Instant ended;

    @Column(name = "reason")
    private @Nullable String reason;

    @ElementCollection
    @CollectionTable(name = "session_link", joinColumns = @JoinColumn(name = "session_id"))
    @OrderColumn(name = "position")
    private List<Account> links = new ArrayList<>();

    protected SessionRow() {}

    public static SessionRow of(Session session) {
        SessionRow row = new SessionRow();
        row.id = session.id().toString();
        row.chain = JsonWriter.document(
                json -> json.objects("chain", session.requester().links(), JsonWriter::identity));
        row.protocol = session.protocol();
        row.target = session.target();
        row.client = session.client();
        row.started = session.started();
        session.requester().links().stream().map(Account::of).forEach(row.links::add);
        return row;
    }

    /**
     * In one round trip: nothing of the row is needed.
     *
     * @return false where there is none, or it had ended before
     */
    public static boolean end(EntityManager em, String id, Instant now, String why) {
        return em.createQuery(
                                "UPDATE SessionRow s SET s.ended = :now, s.reason = :why WHERE s.id = :id AND s.ended IS NULL")
                        .setParameter("now", now)
                        .setParameter("why", why.length() > LONGEST_REASON ? why.substring(0, LONGEST_REASON) : why)
                        .setParameter("id", id)
                        .executeUpdate()
                == 1;
    }

    public String id() {
        return id;
    }

    public DelegationChain requester() {
        return new DelegationChain(JsonReader.of(chain).objects("chain", JsonReader::identity));
    }

    public String protocol() {
        return protocol;
    }

    public String target() {
        return target;
    }

    public String client() {
        return client;
    }

    public Instant started() {
        return Objects.requireNonNull(started, "every stored session has its start");
    }

    public Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    public Optional<String> reason() {
        return Optional.ofNullable(reason);
    }
}
