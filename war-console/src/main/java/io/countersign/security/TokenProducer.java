package io.countersign.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.RequestScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.security.enterprise.SecurityContext;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Lets resources inject the caller's token, as MicroProfile JWT 2.1 §4.1 has it. */
@ApplicationScoped
class TokenProducer {

    @Inject
    private SecurityContext security;

    @Produces
    @RequestScoped
    JsonWebToken token() {
        return security.getPrincipalsByType(TokenCaller.class).stream()
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this request carries no token"));
    }
}
