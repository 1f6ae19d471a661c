package io.countersign.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The public half of a signing key, in the form that C2SP {@code signed-note} gives it: {@code name+hash+key}.
 *
 * @param name the signer's name
 * @param raw  the Ed25519 public key (RFC 8032 §5.1.5), 32 bytes
 */
public record VerifierKey(String name, byte[] raw) {

    /** signed-note's number for Ed25519. */
    static final byte ED25519 = 1;

    /** What precedes the raw key in its X.509 form (RFC 8410 §4). */
    static final byte[] X509 = HexFormat.of().parseHex("302a300506032b6570032100");

    public VerifierKey {
        if (name.isEmpty() || name.contains("+") || name.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException("a signer's name has no white space and no plus: " + name);
        }
        if (raw.length != 32) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + raw.length);
        }
    }

    public static VerifierKey parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length != 3) {
            throw new IllegalArgumentException("a verifier's key is name+hash+key");
        }
        byte[] key = Base64.getDecoder().decode(parts[2]);
        if (key.length != 33 || key[0] != ED25519) {
            throw new IllegalArgumentException("only Ed25519 keys are known");
        }
        VerifierKey parsed = new VerifierKey(parts[0], Arrays.copyOfRange(key, 1, key.length));
        if (!HexFormat.of().formatHex(parsed.hint()).equals(parts[1])) {
            throw new IllegalArgumentException("the key's hash does not fit the key");
        }
        return parsed;
    }

    /** The key's hash: SHA-256(name || 0x0A || 0x01 || key), first four bytes. */
    public byte[] hint() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            sha256.update(ED25519);
            return Arrays.copyOf(sha256.digest(raw), 4);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Whether the base64 of hash and signature is this key's over the text. */
    boolean verifies(String text, String signature) {
        try {
            byte[] bytes = Base64.getDecoder().decode(signature);
            if (bytes.length != 4 + 64 || !Arrays.equals(hint(), Arrays.copyOf(bytes, 4))) {
                return false;
            }
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(publicKey());
            ed25519.update(text.getBytes(StandardCharsets.UTF_8));
            return ed25519.verify(bytes, 4, 64);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] encoded =
                ByteBuffer.allocate(X509.length + raw.length).put(X509).put(raw).array();
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey key && name.equals(key.name) && Arrays.equals(raw, key.raw);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(raw);
    }

    @Override
    public String toString() {
        byte[] key = ByteBuffer.allocate(33).put(ED25519).put(raw).array();
        return name + "+" + HexFormat.of().formatHex(hint()) + "+"
                + Base64.getEncoder().encodeToString(key);
    }
}
