package io.countersign.ledger;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Recomputes the whole ledger from its blocks and believes nothing that is stored beside the entries: every leaf, every
 * root (RFC 9162 §2.1), and that each signed head is the tree's at its size.
 */
public final class Verifier {

    private final VerifierKey key;

    public Verifier(VerifierKey key) {
        this.key = key;
    }

    /** What was found. */
    public sealed interface Finding {

        /** Every entry is as it was when the heads were signed. */
        record Sound(long size, byte[] root, int heads) implements Finding {}

        /**
         * @param seq    about where it starts to be wrong
         * @param reason what does not fit
         */
        record Broken(long seq, String reason) implements Finding {}
    }

    /**
     * @param blocks in order, from the first
     * @param notes  signed heads in any order, none beyond the last block
     */
    public Finding verify(Iterable<Block> blocks, Collection<String> notes) {
        List<Checkpoint> heads;
        try {
            heads = notes.stream()
                    .map(note -> Checkpoint.open(note, key))
                    .sorted(Comparator.comparingLong(Checkpoint::size))
                    .toList();
        } catch (IllegalArgumentException e) {
            return new Finding.Broken(0, "a signed head cannot be read: " + e.getMessage());
        }
        Frontier tree = new Frontier();
        int next = 0;
        for (Block block : blocks) {
            if (block.first() != tree.size()) {
                return new Finding.Broken(
                        tree.size(), "the next block starts at " + block.first() + ": entries are missing");
            }
            List<byte[]> entries;
            try {
                entries = block.entries();
            } catch (IllegalStateException e) {
                return new Finding.Broken(block.first(), String.valueOf(e.getMessage()));
            }
            for (byte[] entry : entries) {
                tree.append(MerkleTree.leaf(entry));
                while (next < heads.size() && heads.get(next).size() <= tree.size()) {
                    Checkpoint head = heads.get(next++);
                    if (head.size() == tree.size() && !Arrays.equals(head.root(), tree.root())) {
                        return new Finding.Broken(
                                block.first(),
                                "the signed head of " + head.size()
                                        + " entries has another root: an entry before it was changed");
                    }
                }
            }
            if (!Arrays.equals(tree.root(), block.root())) {
                return new Finding.Broken(block.first(), "the block's root is not the root of its entries");
            }
        }
        if (next < heads.size()) {
            return new Finding.Broken(
                    tree.size(),
                    "a head was signed over " + heads.getLast().size() + " entries, and only " + tree.size()
                            + " are left");
        }
        return new Finding.Sound(tree.size(), tree.root(), heads.size());
    }
}
