package io.countersign.rest;

import io.countersign.security.Caller;
import io.countersign.security.TokenRefusal;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;
import java.util.Set;

/**
 * Nobody reaches a resource without a valid token, before anything is said about what is there. Only how the gateway is
 * may also be asked from the machine itself, by its process supervisor and its metrics collector.
 */
@Provider
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public class TokenRequired implements ContainerRequestFilter {

    private static final Set<String> OPEN_ON_LOOPBACK = Set.of("health", "metrics");

    /** Before there is a policy there is no issuer, and so no token. */
    private static final String BOOTSTRAP = "policy/bootstrap";

    @Inject
    private Caller caller;

    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext context) {
        boolean open = OPEN_ON_LOOPBACK.contains(context.getUriInfo().getPath()) && Loopback.from(request);
        if (open
                || caller.came(Caller.Way.TOKEN)
                || BOOTSTRAP.equals(context.getUriInfo().getPath())) {
            return;
        }
        throw Problem.of(
                        Response.Status.UNAUTHORIZED,
                        TokenRefusal.of(request)
                                .orElse("Send a token of one of the policy's issuers: Authorization: Bearer <token>."))
                .exception();
    }
}
