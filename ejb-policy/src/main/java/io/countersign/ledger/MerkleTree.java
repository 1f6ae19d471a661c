package io.countersign.ledger;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The hashes of RFC 9162 §2.1 (Merkle trees) over SHA-256. */
public final class MerkleTree {

    /** Bytes of one hash. */
    public static final int HASH = 32;

    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(MerkleTree::sha256);

    private MerkleTree() {}

    /** §2.1.1: {@code HASH(0x00 || d)}. */
    public static byte[] leaf(byte[] entry) {
        MessageDigest sha256 = SHA256.get();
        sha256.update((byte) 0);
        return sha256.digest(entry);
    }

    /** §2.1.1: {@code HASH(0x01 || left || right)}. */
    public static byte[] node(byte[] left, byte[] right) {
        MessageDigest sha256 = SHA256.get();
        sha256.update((byte) 1);
        sha256.update(left);
        return sha256.digest(right);
    }

    /** §2.1.1: the hash of an empty list. */
    public static byte[] empty() {
        return SHA256.get().digest(new byte[0]);
    }

    /** §2.1.1, word for word: the recursive definition. Slow; what {@link Frontier} must agree with. */
    public static byte[] root(List<byte[]> leaves) {
        return switch (leaves.size()) {
            case 0 -> empty();
            case 1 -> leaves.getFirst();
            default -> {
                int split = Integer.highestOneBit(leaves.size() - 1);
                yield node(root(leaves.subList(0, split)), root(leaves.subList(split, leaves.size())));
            }
        };
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
