package io.countersign.api;

import java.util.Map;
import java.util.Optional;

/**
 * What an issuer says of an identity beside its groups, as far as the policy asks (OpenID Connect Core 1.0 §5.1,
 * RFC 8693 §4.3).
 *
 * @param email  an e-mail address that the issuer has verified, in lower case; never one that it has not
 * @param client its OAuth client id, where the identity is a client itself and not somebody who uses one
 * @param others the claims by which the policy tells agents, by name
 */
public record Claims(Optional<String> email, Optional<String> client, Map<String, String> others) {

    public static final Claims NONE = new Claims(Optional.empty(), Optional.empty(), Map.of());

    public Claims {
        others = Map.copyOf(others);
    }
}
