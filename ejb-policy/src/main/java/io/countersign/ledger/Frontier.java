package io.countersign.ledger;

import java.util.Arrays;

/**
 * The right edge of a growing Merkle tree: the hashes of its complete subtrees, largest first, one for each bit set in its
 * size. All that is needed to append the next leaf and to know the root (RFC 9162 §2.1.2).
 */
public final class Frontier {

    /** More entries than any ledger holds. */
    private static final int DEEPEST = 63;

    private final byte[][] edge = new byte[DEEPEST][];
    private int width;
    private long size;

    public Frontier() {}

    /** As {@link #bytes()} gave it. */
    public Frontier(long size, byte[] bytes) {
        this.size = size;
        this.width = Long.bitCount(size);
        if (size < 0 || bytes.length != width * MerkleTree.HASH) {
            throw new IllegalArgumentException("a tree of " + size + " leaves has " + width + " complete subtrees, so "
                    + width * MerkleTree.HASH + " bytes of edge, not " + bytes.length);
        }
        for (int i = 0; i < width; i++) {
            edge[i] = Arrays.copyOfRange(bytes, i * MerkleTree.HASH, (i + 1) * MerkleTree.HASH);
        }
    }

    public Frontier copy() {
        return new Frontier(size, bytes());
    }

    public void append(byte[] leaf) {
        byte[] subtree = leaf;
        for (long bits = size; (bits & 1) == 1; bits >>= 1) {
            subtree = MerkleTree.node(edge[--width], subtree);
        }
        edge[width++] = subtree;
        size++;
    }

    public long size() {
        return size;
    }

    public byte[] root() {
        if (size == 0) {
            return MerkleTree.empty();
        }
        byte[] root = edge[width - 1];
        for (int i = width - 2; i >= 0; i--) {
            root = MerkleTree.node(edge[i], root);
        }
        return root.clone();
    }

    public byte[] bytes() {
        byte[] bytes = new byte[width * MerkleTree.HASH];
        for (int i = 0; i < width; i++) {
            System.arraycopy(edge[i], 0, bytes, i * MerkleTree.HASH, MerkleTree.HASH);
        }
        return bytes;
    }
}
