package io.countersign.api;

import java.util.Set;

/**
 * An authenticated caller.
 *
 * @param issuer  who vouches for it: the token's {@code iss} (RFC 7519 §4.1.1)
 * @param subject the issuer's own, stable key for it: {@code sub}; issuer and subject together identify
 * @param name    what people call it; shown, never compared
 * @param groups  the groups it is in, as the issuer says
 * @param kind    a natural person, or an agent
 * @param claims  what else the issuer says of it
 */
public record Identity(String issuer, String subject, String name, Set<String> groups, Kind kind, Claims claims) {

    public enum Kind {
        PERSON,
        AGENT
    }

    public Identity {
        groups = Set.copyOf(groups);
    }

    /** Of whom the issuer says nothing else. */
    public Identity(String issuer, String subject, String name, Set<String> groups, Kind kind) {
        this(issuer, subject, name, groups, kind, Claims.NONE);
    }

    /** Whether both are the same account: same issuer and same subject. */
    public boolean sameAccount(Identity other) {
        return issuer.equals(other.issuer) && subject.equals(other.subject);
    }
}
