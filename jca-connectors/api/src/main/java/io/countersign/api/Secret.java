package io.countersign.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A credential that never shows itself: {@link #toString()} prints {@code <secret>}, comparison takes constant time. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /** The value itself. Call it only where the secret is spent: in a login message or a signature check. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), secret.value.getBytes(StandardCharsets.UTF_8));
    }

    /** Constant: a hash of the value would leak it to whoever sees the hash. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "<secret>";
    }
}
