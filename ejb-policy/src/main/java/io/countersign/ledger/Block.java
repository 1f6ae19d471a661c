package io.countersign.ledger;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.hibernate.Length;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * What was committed together: consecutive entries in one row.
 *
 * <p>The first sequence number is its key, so two writers cannot both continue the same ledger.
 */
@Entity
@Immutable
@Table(name = "ledger_block")
public class Block {

    @Id
    @Column(name = "first_seq")
    private long first;

    @Column(name = "entries")
    private int count;

    @Column(name = "stored_at")
    private @Nullable Instant at;

    @Column(name = "root")
    private byte[] root = new byte[0];

    @Column(name = "frontier")
    private byte[] frontier = new byte[0];

    @Column(name = "plain_bytes")
    private int plainBytes;

    @Column(name = "packed", length = Length.LONG32)
    private byte[] packed = new byte[0];

    protected Block() {}

    /** Takes the entries that follow what the frontier covers, and moves the frontier over them. */
    static Block after(Frontier frontier, List<byte[]> entries, List<byte[]> leaves, Instant at, Packing packing) {
        Block block = new Block();
        block.first = frontier.size();
        block.count = entries.size();
        block.at = at;
        leaves.forEach(frontier::append);
        block.root = frontier.root();
        block.frontier = frontier.bytes();
        byte[] plain = Packing.join(entries);
        block.plainBytes = plain.length;
        block.packed = packing.pack(plain);
        return block;
    }

    /** In the order of the table's columns. */
    void bind(PreparedStatement insert) throws SQLException {
        insert.setLong(1, first);
        insert.setInt(2, count);
        insert.setObject(3, at().atOffset(ZoneOffset.UTC));
        insert.setBytes(4, root);
        insert.setBytes(5, frontier);
        insert.setInt(6, plainBytes);
        insert.setBytes(7, packed);
    }

    /** Sequence number of its first entry. */
    public long first() {
        return first;
    }

    /** Sequence number after its last entry: the size of the tree that its root covers. */
    public long end() {
        return first + count;
    }

    public Instant at() {
        return Objects.requireNonNull(at, "every stored block has its time");
    }

    /** Of the tree over all entries up to and with this block's. */
    public byte[] root() {
        return root.clone();
    }

    /** The tree's right edge after this block. */
    public Frontier frontier() {
        return new Frontier(end(), frontier);
    }

    /** @throws IllegalStateException where the bytes are not what was packed */
    public List<byte[]> entries() {
        List<byte[]> entries = Packing.split(Packing.unpack(packed, plainBytes));
        if (entries.size() != count) {
            throw new IllegalStateException(
                    "block " + first + " should hold " + count + " entries and holds " + entries.size());
        }
        return entries;
    }
}
