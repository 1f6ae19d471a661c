package io.countersign.api;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A value bound to a parameter.
 *
 * @param type  the protocol's own name or number of the type, empty where unknown
 * @param text  as people read it, null for SQL NULL; for binary values hexadecimal with {@code \x} in front
 * @param bytes the exact bytes, null for SQL NULL; the digest covers them and what they are read as
 */
public record Bind(String type, @Nullable String text, byte @Nullable [] bytes) {

    public static Bind binary(String type, byte[] bytes) {
        return new Bind(type, "\\x" + HexFormat.of().formatHex(bytes), bytes);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Bind bind && type.equals(bind.type) && Arrays.equals(bytes, bind.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
