package io.countersign.ledger;

import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds blocks by sequence number. */
public final class Blocks {

    private Blocks() {}

    /** Inserts a new one; where the connection is in no transaction, that is one by itself. */
    public static void insert(Connection store, Block block) throws SQLException {
        try (PreparedStatement insert = store.prepareStatement(
                "INSERT INTO ledger_block (first_seq, entries, stored_at, root, frontier, plain_bytes, packed)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            block.bind(insert);
            insert.executeUpdate();
        }
    }

    public static Optional<Block> last(EntityManager em) {
        return em.createQuery("SELECT b FROM Block b ORDER BY b.first DESC", Block.class)
                .setMaxResults(1)
                .getResultStream()
                .findFirst();
    }

    /** The block that holds this entry, if any does. */
    public static Optional<Block> holding(EntityManager em, long seq) {
        return em.createQuery("SELECT b FROM Block b WHERE b.first <= :seq ORDER BY b.first DESC", Block.class)
                .setParameter("seq", seq)
                .setMaxResults(1)
                .getResultStream()
                .filter(block -> seq < block.end())
                .findFirst();
    }

    /** Whether these are the entries from this place on. */
    static boolean hold(EntityManager em, long first, List<Entry> entries) {
        long seq = first;
        Optional<Block> block = Optional.empty();
        List<byte[]> stored = List.of();
        for (Entry entry : entries) {
            if (block.isEmpty() || seq >= block.get().end()) {
                block = holding(em, seq);
                stored = block.map(Block::entries).orElse(List.of());
            }
            if (block.isEmpty()
                    || !Arrays.equals(stored.get((int) (seq - block.get().first())), entry.json())) {
                return false;
            }
            seq++;
        }
        return true;
    }

    /** Blocks in order, from the one that starts at this entry or after. */
    public static List<Block> from(EntityManager em, long first, int limit) {
        return em.createQuery("SELECT b FROM Block b WHERE b.first >= :first ORDER BY b.first", Block.class)
                .setParameter("first", first)
                .setMaxResults(limit)
                .getResultList();
    }

    /** Blocks that start within these bounds, both included, in order. */
    public static List<Block> between(EntityManager em, long first, long last, int limit) {
        return em.createQuery(
                        "SELECT b FROM Block b WHERE b.first >= :first AND b.first <= :last ORDER BY b.first",
                        Block.class)
                .setParameter("first", first)
                .setParameter("last", last)
                .setMaxResults(limit)
                .getResultList();
    }
}
