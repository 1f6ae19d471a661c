package io.countersign.security;

import io.countersign.api.Identity;
import io.countersign.api.Secret;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.authentication.mechanism.http.OpenIdAuthenticationMechanismDefinition;
import jakarta.security.enterprise.identitystore.openid.OpenIdContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.glassfish.soteria.mechanisms.OpenIdAuthenticationMechanism;

/**
 * Sign-in by OpenID Connect (Core 1.0 §3.1, authorization code flow), by Jakarta Security's own mechanism. Who it is, is
 * then read from the token by the one place that reads tokens: a person is the same account in the console, by REST and
 * in psql.
 */
@OpenIdAuthenticationMechanismDefinition(
        providerURI = "${openIdSettings.provider}",
        clientId = "${openIdSettings.clientId}",
        clientSecret = "${openIdSettings.clientSecret}",
        redirectURI = "${openIdSettings.redirect}",
        redirectToOriginalResource = false,
        scope = {"openid", "profile", "email"})
@ApplicationScoped
class OpenIdSignIn {

    /** The session attribute with the page that was wanted. */
    static final String WANTED = "io.countersign.security.wanted";

    private static final System.Logger LOG = System.getLogger(OpenIdSignIn.class.getName());

    @Inject
    private OpenIdSettings settings;

    @Inject
    private Instance<OpenIdAuthenticationMechanism> mechanism;

    @Inject
    private Instance<OpenIdContext> context;

    @Inject
    private Identities identities;

    boolean isConfigured() {
        return settings.isConfigured();
    }

    /** The person who came back from the provider; empty where the answer sends the browser on its way. */
    Optional<Identity> validate(HttpServletRequest request, HttpServletResponse response, HttpMessageContext message)
            throws AuthenticationException {
        if (!OpenIdSettings.CALLBACK.equals(request.getServletPath())) {
            request.getSession(true).setAttribute(WANTED, OriginalRequest.of(request));
        }
        AuthenticationStatus status = mechanism.get().validateRequest(request, response, message);
        if (status != AuthenticationStatus.SUCCESS) {
            return Optional.empty();
        }
        return switch (read()) {
            case SignedIn.Known known
            when known.chain().links().size() == 1 && known.chain().origin().kind() == Identity.Kind.PERSON ->
                Optional.of(known.chain().origin());
            case SignedIn.Known known ->
                refuse(
                        request,
                        response,
                        known.chain().described() + ": the console is for people who act for themselves.");
            case SignedIn.Unknown unknown -> refuse(request, response, unknown.reason() + " " + unknown.hint());
        };
    }

    /** The access token where it is one of the policy's issuers for this gateway, else the identity token. */
    private SignedIn read() {
        SignedIn access =
                identities.verify(Secret.of(context.get().getAccessToken().getToken()));
        return access instanceof SignedIn.Known
                ? access
                : identities.verify(Secret.of(context.get().getIdentityToken().getToken()));
    }

    /** Forgets whom the provider sent, so that the next attempt may be somebody else's. */
    private static Optional<Identity> refuse(HttpServletRequest request, HttpServletResponse response, String why)
            throws AuthenticationException {
        LOG.log(System.Logger.Level.WARNING, "A sign-in by OpenID Connect was refused. {0}", why);
        try {
            request.getSession().invalidate();
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return Optional.empty();
        } catch (IOException e) {
            throw new AuthenticationException("the answer could not be written", e);
        }
    }
}
