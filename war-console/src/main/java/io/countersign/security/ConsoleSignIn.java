package io.countersign.security;

import io.countersign.identity.boundary.Directory;
import io.countersign.policy.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationException;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.CallerPrincipal;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStoreHandler;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Signs people in to the console and knows them again by their session. Who must sign in first is sent to the identity
 * provider where one is configured, by OpenID Connect or by SAML, else to the sign-in page, and comes back to the page they
 * wanted.
 */
@ApplicationScoped
public class ConsoleSignIn {

    /** A working day: whoever stays longer shows anew who they are. */
    private static final Duration LONGEST_SESSION = Duration.ofHours(10);

    private static final String SIGNED_IN = ConsoleCaller.class.getName();

    private final Clock clock = Clock.systemUTC();

    @Inject
    private IdentityStoreHandler accounts;

    @Inject
    private OpenIdSignIn openId;

    @Inject
    private SamlSignIn saml;

    @Inject
    private CallerRoles policy;

    @Inject
    private Caller caller;

    @Inject
    private Directory directory;

    AuthenticationStatus validate(HttpServletRequest request, HttpServletResponse response, HttpMessageContext context)
            throws AuthenticationException {
        Optional<ConsoleCaller> known = bySession(request);
        if (known.isPresent()) {
            return welcome(known.get(), context);
        }
        if (!context.isProtected()) {
            return context.doNothing();
        }
        if (isInBackground(request)) {
            return askToReload(request, response);
        }
        if (!openId.isConfigured() && !saml.isConfigured()) {
            return context.redirect(OriginalRequest.signInPage(OriginalRequest.of(request)));
        }
        Optional<Arrived> arrived = saml.isConfigured()
                ? saml.validate(request, response, LONGEST_SESSION)
                : openId.validate(request, response, LONGEST_SESSION);
        Optional<ConsoleCaller> signedIn =
                arrived.map(each -> ConsoleCaller.of(each.person(), each.signedIn(), each.until()));
        if (signedIn.isPresent()) {
            begin(request, signedIn.get());
            return welcome(signedIn.get(), context);
        }
        return AuthenticationStatus.SEND_CONTINUE;
    }

    /**
     * Opens a session for whom the accounts know by this name and password.
     *
     * @return why not, one sentence; empty where they are signed in
     */
    public Optional<String> signIn(HttpServletRequest request, UsernamePasswordCredential credential) {
        CredentialValidationResult result = accounts.validate(credential);
        if (result.getStatus() != CredentialValidationResult.Status.VALID
                || !(result.getCallerPrincipal() instanceof FileAccountCaller account)) {
            return Optional.of(
                    "That name and password do not fit, or there were too many attempts. Wait a moment and try again.");
        }
        Optional<String> conflict = policy.conflict(account.identity());
        if (conflict.isPresent()) {
            return Optional.of(account.identity().name() + " " + conflict.get()
                    + ". Ask those who keep the groups to take one of them away.");
        }
        Instant now = clock.instant();
        begin(request, ConsoleCaller.of(account.identity(), now, now.plus(LONGEST_SESSION)));
        return Optional.empty();
    }

    void signOut(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session != null) {
            session.invalidate();
        }
    }

    private Optional<ConsoleCaller> bySession(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null
                        && session.getAttribute(SIGNED_IN) instanceof ConsoleCaller known
                        && clock.instant().isBefore(known.until())
                ? Optional.of(known)
                : Optional.empty();
    }

    /** A new session id: one that somebody planted before the sign-in opens nothing (session fixation). */
    private void begin(HttpServletRequest request, ConsoleCaller signedIn) {
        directory.met(signedIn.chain().actor());
        request.getSession(true);
        request.changeSessionId();
        request.getSession().setAttribute(SIGNED_IN, signedIn);
    }

    private AuthenticationStatus welcome(ConsoleCaller known, HttpMessageContext context) {
        Set<Role> roles = policy.of(known.chain().actor());
        caller.known(known.chain(), roles, Caller.Way.SESSION, Optional.of(known.signedIn()), known.until(), false);
        return context.notifyContainerAboutLogin(new CallerPrincipal(known.name()), CallerRoles.names(roles));
    }

    /** Whether a page in the browser asks by itself; its reader cannot follow a redirect to another page. */
    private static boolean isInBackground(HttpServletRequest request) {
        return "partial/ajax".equals(request.getHeader("Faces-Request"))
                || "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    /** Jakarta Faces 4.0 §13.4.3: a partial response may name the page to go to. */
    private static AuthenticationStatus askToReload(HttpServletRequest request, HttpServletResponse response)
            throws AuthenticationException {
        try {
            if (request.getHeader("Upgrade") != null) {
                response.sendError(HttpServletResponse.SC_FORBIDDEN);
                return AuthenticationStatus.SEND_FAILURE;
            }
            response.setContentType("text/xml");
            response.setCharacterEncoding("UTF-8");
            response.getWriter()
                    .write("<?xml version='1.0' encoding='UTF-8'?>"
                            + "<partial-response><redirect url=\"/sign-in\"/></partial-response>");
            return AuthenticationStatus.SEND_CONTINUE;
        } catch (IOException e) {
            throw new AuthenticationException("the answer could not be written", e);
        }
    }
}
