package io.countersign.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpAuthenticationMechanism;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The application's one authentication mechanism (Jakarta Security 3.0 §2.4), named in web.xml: bearer tokens for REST,
 * sessions for everything else.
 */
@ApplicationScoped
public class SignInDispatcher implements HttpAuthenticationMechanism {

    @Inject
    private BearerSignIn bearer;

    @Inject
    private ConsoleSignIn console;

    @Override
    public AuthenticationStatus validateRequest(
            HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        return isApi(request) ? bearer.validate(request, context) : console.validate(request, response, context);
    }

    @Override
    public void cleanSubject(HttpServletRequest request, HttpServletResponse response, HttpMessageContext context) {
        console.signOut(request);
        context.cleanClientSubject();
    }

    /** By the servlet that the container has chosen: what the address looks like deceives nobody. */
    static boolean isApi(HttpServletRequest request) {
        return "/api".equals(request.getServletPath());
    }
}
