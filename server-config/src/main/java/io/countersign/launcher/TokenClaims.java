package io.countersign.launcher;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What the development issuer says in a token (RFC 7519 §4.1, OpenID Connect Core 1.0 §5.1, RFC 8693 §4.1). */
final class TokenClaims {

    static final String AUDIENCE = "countersign";
    static final Duration DEFAULT_LIFETIME = Duration.ofHours(1);

    /** A forgotten demo token dies within a day. */
    static final Duration LONGEST_LIFETIME = Duration.ofDays(1);

    /** How far clocks may disagree. */
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private TokenClaims() {}

    /**
     * @param agents who acts for the login, in the order in which the wish was passed on: the last one acts now
     */
    static ObjectNode of(DemoLogin login, List<String> agents, String issuer, Instant now, Duration lifetime) {
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new Failure("A token lives 1 to %d seconds, not %d."
                    .formatted(LONGEST_LIFETIME.toSeconds(), lifetime.toSeconds()));
        }
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("iss", issuer)
                .put("aud", AUDIENCE)
                .put("sub", login.name())
                .put("preferred_username", login.name())
                .put("name", login.fullName())
                .put("email", login.email())
                .put("email_verified", true);
        login.groups().forEach(claims.putArray("groups")::add);
        claims.put("iat", now.getEpochSecond())
                // Whoever runs the demo is there and asks for it now.
                .put("auth_time", now.getEpochSecond())
                .put("nbf", now.minus(CLOCK_SKEW).getEpochSecond())
                .put("exp", now.plus(lifetime).getEpochSecond())
                .put("jti", Secrets.random(16));
        if (!agents.isEmpty()) {
            claims.set("act", actor(agents));
        }
        return claims;
    }

    /** RFC 8693 §4.1: the outermost claim is the current actor, prior ones are nested inside it. */
    private static ObjectNode actor(List<String> agents) {
        ObjectNode actor = JsonNodeFactory.instance.objectNode().put("sub", agents.getLast());
        List<String> earlier = agents.subList(0, agents.size() - 1);
        if (!earlier.isEmpty()) {
            actor.set("act", actor(earlier));
        }
        return actor;
    }
}
