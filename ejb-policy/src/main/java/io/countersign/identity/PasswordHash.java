package io.countersign.identity;

import io.countersign.api.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A password as files keep it: PBKDF2 (RFC 8018 §5.2), written {@code algorithm:iterations:salt:hash} with salt and hash in
 * Base64, the form of Jakarta Security's {@code Pbkdf2PasswordHash}.
 */
public final class PasswordHash {

    private static final Set<String> ALGORITHMS =
            Set.of("PBKDF2WithHmacSHA256", "PBKDF2WithHmacSHA384", "PBKDF2WithHmacSHA512");

    private static final String ALGORITHM = "PBKDF2WithHmacSHA512";

    /** OWASP's Password Storage Cheat Sheet asks for 210,000 with SHA-512; about 0.1 s. */
    private static final int ITERATIONS = 210_000;

    /** Fewer protect nothing; more would let a file stop the sign-in. */
    private static final int FEWEST = 10_000;

    private static final int MOST = 10_000_000;
    private static final int SALT_BYTES = 32;
    private static final int HASH_BYTES = 32;
    private static final int LONGEST_PASSWORD = 1024;

    private final String algorithm;
    private final int iterations;
    private final byte[] salt;
    private final byte[] hash;

    private PasswordHash(String algorithm, int iterations, byte[] salt, byte[] hash) {
        this.algorithm = algorithm;
        this.iterations = iterations;
        this.salt = salt;
        this.hash = hash;
    }

    /** Hashes with a fresh salt. */
    public static PasswordHash of(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        return new PasswordHash(ALGORITHM, ITERATIONS, salt, derive(ALGORITHM, ITERATIONS, salt, HASH_BYTES, password));
    }

    /** @throws IllegalArgumentException if it is not of the form, or too weak */
    public static PasswordHash parse(String written) {
        String[] parts = written.split(":", -1);
        if (parts.length != 4 || !ALGORITHMS.contains(parts[0])) {
            throw new IllegalArgumentException(
                    "a password hash is written algorithm:iterations:salt:hash, with one of " + ALGORITHMS);
        }
        int iterations = Integer.parseInt(parts[1]);
        byte[] salt = Base64.getDecoder().decode(parts[2]);
        byte[] hash = Base64.getDecoder().decode(parts[3]);
        if (iterations < FEWEST || iterations > MOST || salt.length < 8 || hash.length < 16) {
            throw new IllegalArgumentException("a password hash needs " + FEWEST + " to " + MOST
                    + " iterations, 8 bytes of salt and 16 of hash or more");
        }
        return new PasswordHash(parts[0], iterations, salt, hash);
    }

    /** Whether it is this password's; the comparison takes constant time. */
    public boolean matches(Secret password) {
        return password.reveal().length() <= LONGEST_PASSWORD
                && MessageDigest.isEqual(hash, derive(algorithm, iterations, salt, hash.length, password));
    }

    /** As files keep it. */
    public String written() {
        Base64.Encoder base64 = Base64.getEncoder();
        return algorithm + ":" + iterations + ":" + base64.encodeToString(salt) + ":" + base64.encodeToString(hash);
    }

    private static byte[] derive(String algorithm, int iterations, byte[] salt, int bytes, Secret password) {
        try {
            return SecretKeyFactory.getInstance(algorithm)
                    .generateSecret(new PBEKeySpec(password.reveal().toCharArray(), salt, iterations, bytes * 8))
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK lacks " + algorithm, e);
        }
    }
}
