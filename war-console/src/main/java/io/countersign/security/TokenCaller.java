package io.countersign.security;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import jakarta.security.enterprise.CallerPrincipal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.jwt.Claims;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/**
 * A verified token's caller as MicroProfile JWT 2.1 presents it (§3.2). Its claims are those that the verification
 * vouches for and no others; {@code sub}, {@code groups} and the name are those of the link that acts.
 */
public final class TokenCaller extends CallerPrincipal implements JsonWebToken {

    private final transient Map<String, Object> claims;

    TokenCaller(DelegationChain chain, Instant expires) {
        super(chain.actor().name());
        Identity actor = chain.actor();
        this.claims = Map.of(
                Claims.iss.name(), actor.issuer(),
                Claims.sub.name(), actor.subject(),
                Claims.upn.name(), actor.name(),
                Claims.groups.name(), actor.groups(),
                Claims.exp.name(), expires.getEpochSecond());
    }

    @Override
    public Set<String> getClaimNames() {
        return claims.keySet();
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"
    }) // the interface leaves the type of a claim to its reader
    public <T> @Nullable T getClaim(String claimName) {
        return (T) claims.get(claimName);
    }
}
