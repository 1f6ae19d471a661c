package io.countersign.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A checkpoint as it was signed. */
@Entity
@Immutable
@Table(name = "ledger_checkpoint")
public class SignedHead {

    @Id
    @Column(name = "tree_size")
    private long size;

    @Column(name = "signed_at")
    private @Nullable Instant at;

    @Column(name = "note")
    private String note = "";

    protected SignedHead() {}

    public SignedHead(long size, Instant at, String note) {
        this.size = size;
        this.at = at;
        this.note = note;
    }

    public long size() {
        return size;
    }

    public Instant at() {
        return Objects.requireNonNull(at, "every signed head has its time");
    }

    public String note() {
        return note;
    }
}
