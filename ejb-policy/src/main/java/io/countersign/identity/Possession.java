package io.countersign.identity;

import io.countersign.api.Digest;
import java.util.Optional;

/**
 * What the bearer of a token has proved to hold besides it.
 *
 * @param certificate SHA-256 of the certificate with whose key the connection was made
 */
public record Possession(Optional<Digest> certificate) {

    /** Nothing but the token. */
    public static final Possession NONE = new Possession(Optional.empty());
}
