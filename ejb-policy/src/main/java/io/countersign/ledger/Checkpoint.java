package io.countersign.ledger;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * What a signed head says: C2SP {@code tlog-checkpoint}, three lines of text in a {@code signed-note}.
 *
 * @param origin names the ledger
 * @param size   entries covered
 * @param root   Merkle tree hash over them
 */
public record Checkpoint(String origin, long size, byte[] root) {

    private static final String SIGNATURE = "\u2014 ";

    /** The note's text, with its last newline: what is signed. */
    public String text() {
        return origin + "\n" + size + "\n" + Base64.getEncoder().encodeToString(root) + "\n";
    }

    public String signed(SigningKey key) {
        byte[] signature = key.sign(text().getBytes(StandardCharsets.UTF_8));
        byte[] hint = Arrays.copyOf(key.hint(), 4 + signature.length);
        System.arraycopy(signature, 0, hint, 4, signature.length);
        return text() + "\n" + SIGNATURE + key.name() + " "
                + Base64.getEncoder().encodeToString(hint) + "\n";
    }

    /**
     * Reads a note and checks its signature; lines by other signers are ignored, as signed-note demands.
     *
     * @throws IllegalArgumentException where it is no checkpoint or this key has not signed it
     */
    public static Checkpoint open(String note, VerifierKey key) {
        int split = note.indexOf("\n\n");
        if (split < 0 || !note.endsWith("\n")) {
            throw new IllegalArgumentException("a signed note is a text, an empty line and signatures");
        }
        String text = note.substring(0, split + 1);
        boolean signed = note.substring(split + 2)
                .lines()
                .filter(line -> line.startsWith(SIGNATURE + key.name() + " "))
                .map(line -> line.substring(SIGNATURE.length() + key.name().length() + 1))
                .anyMatch(signature -> key.verifies(text, signature));
        if (!signed) {
            throw new IllegalArgumentException("the note carries no valid signature by " + key.name());
        }
        List<String> lines = text.lines().toList();
        if (lines.size() < 3 || !lines.get(1).matches("0|[1-9][0-9]{0,18}")) {
            throw new IllegalArgumentException("a checkpoint has origin, size and root on its first three lines");
        }
        byte[] root = Base64.getDecoder().decode(lines.get(2));
        if (root.length != MerkleTree.HASH) {
            throw new IllegalArgumentException("a root has " + MerkleTree.HASH + " bytes, not " + root.length);
        }
        return new Checkpoint(lines.get(0), Long.parseLong(lines.get(1)), root);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Checkpoint checkpoint
                && origin.equals(checkpoint.origin)
                && size == checkpoint.size
                && Arrays.equals(root, checkpoint.root);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(size) ^ Arrays.hashCode(root);
    }
}
