package io.countersign.rest;

import io.countersign.security.TokenRefusal;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.Provider;

/** Tells whom nobody knows which schemes would be accepted (RFC 9110 §11.6.1). */
@Provider
public class Challenges implements ContainerResponseFilter {

    @Context
    private HttpServletRequest request;

    @Override
    public void filter(ContainerRequestContext asked, ContainerResponseContext answer) {
        if (answer.getStatus() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            TokenRefusal.challenges(request)
                    .forEach(challenge -> answer.getHeaders().add(HttpHeaders.WWW_AUTHENTICATE, challenge));
        }
    }
}
