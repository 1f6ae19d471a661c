package io.countersign.identity;

import io.countersign.api.Digest;
import java.util.Optional;

/**
 * What the bearer of a token shows to hold besides it.
 *
 * @param certificate SHA-256 of the certificate with whose key the connection was made
 * @param proof       of a key, for this one request; yet to be judged
 */
public record Possession(Optional<Digest> certificate, Optional<KeyProof> proof) {

    /** Nothing but the token. */
    public static final Possession NONE = new Possession(Optional.empty());

    public Possession(Optional<Digest> certificate) {
        this(certificate, Optional.empty());
    }

    public static Possession of(KeyProof proof) {
        return new Possession(Optional.empty(), Optional.of(proof));
    }
}
