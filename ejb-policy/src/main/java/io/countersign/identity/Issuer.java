package io.countersign.identity;

import java.net.URI;
import java.time.Duration;

/**
 * Somebody whose tokens are believed.
 *
 * @param name        the policy's name for it
 * @param issuer      the {@code iss} its tokens carry, compared exactly (RFC 7519 §4.1.1)
 * @param jwks        where its public keys are (RFC 7517 §5)
 * @param audience    what {@code aud} must contain
 * @param clockSkew   how far its clock may be off, at most five minutes
 * @param development whether it serves demonstration and tests only
 * @param groupsClaim the claim that lists groups
 * @param nameClaim   the claim that holds what people call the subject
 */
public record Issuer(
        String name,
        String issuer,
        URI jwks,
        String audience,
        Duration clockSkew,
        boolean development,
        String groupsClaim,
        String nameClaim) {}
