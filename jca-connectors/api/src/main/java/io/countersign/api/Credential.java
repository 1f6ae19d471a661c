package io.countersign.api;

/** What a client offers to prove who it is. */
public sealed interface Credential {

    /** A JSON Web Token (RFC 7519) presented where the protocol carries a password. */
    record BearerToken(Secret token) implements Credential {}
}
