package io.countersign.security;

import io.countersign.api.Secret;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import io.countersign.policy.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Signs REST callers in by {@code Authorization: Bearer} (RFC 6750 §2.1) and by nothing else: no form or query parameter,
 * no cookie. The token is judged where those of database clients are.
 */
@ApplicationScoped
class BearerSignIn {

    private static final String SCHEME = "Bearer ";

    @Inject
    private Identities identities;

    @Inject
    private CallerRoles policy;

    @Inject
    private Caller caller;

    /** Leaves the request anonymous where no acceptable token came; the resources answer that with a problem document. */
    AuthenticationStatus validate(HttpServletRequest request, HttpMessageContext context) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        Optional<Secret> token = headers.size() == 1 ? token(headers.getFirst()) : Optional.empty();
        if (token.isEmpty()) {
            return context.doNothing();
        }
        return switch (identities.verify(token.get())) {
            case SignedIn.Known known -> {
                Set<Role> roles = policy.of(known.chain().actor());
                caller.known(known.chain(), roles, Caller.Way.TOKEN, known.signedIn());
                yield context.notifyContainerAboutLogin(
                        new TokenCaller(known.chain(), known.expires()), CallerRoles.names(roles));
            }
            case SignedIn.Unknown unknown -> {
                TokenRefusal.note(request, unknown.reason() + " " + unknown.hint());
                yield context.doNothing();
            }
        };
    }

    /** The scheme's name is case-insensitive (RFC 9110 §11.1). */
    static Optional<Secret> token(String header) {
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? Optional.of(Secret.of(header.substring(SCHEME.length()).strip()))
                : Optional.empty();
    }
}
