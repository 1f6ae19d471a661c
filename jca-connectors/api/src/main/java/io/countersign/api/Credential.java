package io.countersign.api;

import java.util.Optional;

/** What a client offers to prove who it is. */
public sealed interface Credential {

    /**
     * A JSON Web Token (RFC 7519) presented where the protocol carries a password or a bearer token.
     *
     * @param certificate SHA-256 of the certificate whose key the client has proved to hold in its TLS handshake, as
     *                    RFC 8705 §3.1 has it; whoever issued it. Empty where it showed none
     */
    record BearerToken(Secret token, Optional<Digest> certificate) implements Credential {

        public BearerToken(Secret token) {
            this(token, Optional.empty());
        }
    }
}
