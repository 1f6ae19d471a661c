package io.countersign.security;

import io.countersign.api.Secret;
import io.countersign.identity.KeyProof;
import io.countersign.identity.Possession;
import io.countersign.identity.SignedIn;
import io.countersign.identity.boundary.Identities;
import io.countersign.policy.Role;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.security.enterprise.AuthenticationStatus;
import jakarta.security.enterprise.authentication.mechanism.http.HttpMessageContext;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Signs REST callers in by {@code Authorization: Bearer} (RFC 6750 §2.1), or by {@code DPoP} with a proof of the key that
 * the token is bound to (RFC 9449 §7.1), and by nothing else: no form or query parameter, no cookie. The token is judged
 * where those of database clients are.
 */
@ApplicationScoped
class BearerSignIn {

    private static final String BEARER = "Bearer ";
    private static final String BOUND = "DPoP ";

    /** The header that carries the proof. */
    private static final String PROOF = "DPoP";

    @Inject
    private Identities identities;

    @Inject
    private CallerRoles policy;

    @Inject
    private Caller caller;

    @Inject
    @ConfigProperty(name = "countersign.console.url")
    private Optional<String> console;

    /** Leaves the request anonymous where no acceptable token came; the resources answer that with a problem document. */
    AuthenticationStatus validate(HttpServletRequest request, HttpMessageContext context) {
        List<String> headers = Collections.list(request.getHeaders("Authorization"));
        if (headers.size() != 1) {
            return context.doNothing();
        }
        Optional<Secret> bearer = token(headers.getFirst(), BEARER);
        Optional<Secret> bound = token(headers.getFirst(), BOUND);
        SignedIn result;
        if (bearer.isPresent()) {
            result = identities.verify(bearer.get());
        } else if (bound.isPresent()) {
            result = withProof(bound.get(), request);
        } else {
            return context.doNothing();
        }
        return switch (result) {
            case SignedIn.Known known -> {
                Set<Role> roles = policy.of(known.chain().actor());
                caller.known(
                        known.chain(), roles, Caller.Way.TOKEN, known.signedIn(), known.expires(), bound.isPresent());
                yield context.notifyContainerAboutLogin(
                        new TokenCaller(known.chain(), known.expires()), CallerRoles.names(roles));
            }
            case SignedIn.Unknown unknown -> {
                TokenRefusal.note(request, unknown, bound.isPresent());
                yield context.doNothing();
            }
        };
    }

    private SignedIn withProof(Secret token, HttpServletRequest request) {
        List<String> proofs = Collections.list(request.getHeaders(PROOF));
        if (proofs.size() != 1) {
            return new SignedIn.Unknown(
                    "There are " + proofs.size() + " proofs of the token's key.",
                    "Send exactly one, in a header named DPoP.",
                    SignedIn.Fault.PROOF);
        }
        return address(request)
                .map(address -> identities.verify(
                        token, Possession.of(new KeyProof(Secret.of(proofs.getFirst()), request.getMethod(), address))))
                .orElseGet(() -> new SignedIn.Unknown(
                        "This gateway cannot tell for which address the proof must be.",
                        "If the address is a plain one, ask its operators to set countersign.console.url.",
                        SignedIn.Fault.PROOF));
    }

    /** By the configured address: what a request says of its host is the sender's choice. */
    private Optional<URI> address(HttpServletRequest request) {
        return console.flatMap(address -> {
            try {
                return Optional.of(new URI(address.replaceAll("/+$", "") + request.getRequestURI()));
            } catch (URISyntaxException nothingThatAProofCouldName) {
                return Optional.empty();
            }
        });
    }

    /** The scheme's name is case-insensitive (RFC 9110 §11.1). */
    static Optional<Secret> token(String header, String scheme) {
        return header.regionMatches(true, 0, scheme, 0, scheme.length())
                ? Optional.of(Secret.of(header.substring(scheme.length()).strip()))
                : Optional.empty();
    }
}
