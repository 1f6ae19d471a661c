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
        return Optional.of(person());
    }

    /** The access token where it is one of the policy's issuers for this gateway, else the identity token. */
    private Identity person() throws AuthenticationException {
        SignedIn access =
                identities.verify(Secret.of(context.get().getAccessToken().getToken()));
        SignedIn read = access instanceof SignedIn.Known
                ? access
                : identities.verify(Secret.of(context.get().getIdentityToken().getToken()));
        return switch (read) {
            case SignedIn.Known known
            when known.chain().links().size() == 1 -> known.chain().origin();
            case SignedIn.Known known ->
                throw refused("The console is for people; the token shows somebody acting for another: "
                        + known.chain().described() + ".");
            case SignedIn.Unknown unknown -> throw refused(unknown.reason() + " " + unknown.hint());
        };
    }

    private static AuthenticationException refused(String why) {
        LOG.log(System.Logger.Level.WARNING, "A sign-in by OpenID Connect was refused. {0}", why);
        return new AuthenticationException(why);
    }
}
