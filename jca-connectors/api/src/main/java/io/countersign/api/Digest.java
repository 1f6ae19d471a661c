package io.countersign.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A SHA-256 value (FIPS 180-4). Comparison takes constant time. */
public final class Digest {

    private static final int BYTES = 32;

    private final byte[] value;

    private Digest(byte[] value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException where that is not 64 hexadecimal digits */
    public static Digest parse(String hex) {
        byte[] value = HexFormat.of().parseHex(hex);
        if (value.length != BYTES) {
            throw new IllegalArgumentException("a SHA-256 digest has 64 hexadecimal digits, not " + hex.length());
        }
        return new Digest(value);
    }

    public static Digest of(byte[] content) {
        return new Digest(sha256().digest(content));
    }

    /** Starts a digest over several fields, each preceded by its length so that no two field lists collide. */
    public static Builder over() {
        return new Builder();
    }

    public byte[] bytes() {
        return value.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Digest digest && MessageDigest.isEqual(value, digest.value);
    }

    @Override
    public int hashCode() {
        return (value[0] & 0xff) << 24 | (value[1] & 0xff) << 16 | (value[2] & 0xff) << 8 | (value[3] & 0xff);
    }

    /** 64 lower-case hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(value);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Collects length-prefixed fields. */
    public static final class Builder {

        private final MessageDigest sha256 = sha256();

        public Builder field(byte[] field) {
            length(field.length);
            sha256.update(field);
            return this;
        }

        public Builder field(String field) {
            return field(field.getBytes(StandardCharsets.UTF_8));
        }

        /** How many fields follow, so that a list of them does not run into what comes next. */
        public Builder length(int count) {
            sha256.update(
                    new byte[] {(byte) (count >>> 24), (byte) (count >>> 16), (byte) (count >>> 8), (byte) count});
            return this;
        }

        public Digest done() {
            return new Digest(sha256.digest());
        }
    }
}
