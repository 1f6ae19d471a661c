package io.countersign.security;

import io.countersign.identity.KeyProofs;
import io.countersign.identity.SignedIn;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;

/** Why the token that a request offered was not accepted, for the resources' answer. */
public final class TokenRefusal {

    private static final String ATTRIBUTE = TokenRefusal.class.getName();

    private static final String BEARER = "Bearer realm=\"countersign\"";

    private static final String BOUND =
            "DPoP realm=\"countersign\", algs=\"" + String.join(" ", KeyProofs.ALGORITHMS) + "\"";

    /** @param bound whether the token came as one that is bound to a key */
    private record Noted(SignedIn.Unknown why, boolean bound) {}

    private TokenRefusal() {}

    static void note(HttpServletRequest request, SignedIn.Unknown why, boolean bound) {
        request.setAttribute(ATTRIBUTE, new Noted(why, bound));
    }

    /** One or two sentences, fit for the caller's eyes; empty where no token came. */
    public static Optional<String> of(HttpServletRequest request) {
        return noted(request)
                .map(noted -> noted.why().reason() + " " + noted.why().hint());
    }

    /** What to send instead, for {@code WWW-Authenticate}: the scheme that came says what was wrong (RFC 9449 §7.2). */
    public static List<String> challenges(HttpServletRequest request) {
        return noted(request)
                .map(noted -> {
                    String error = ", error=\"" + error(noted.why().fault()) + "\"";
                    return noted.bound() ? List.of(BEARER, BOUND + error) : List.of(BEARER + error, BOUND);
                })
                .orElse(List.of(BEARER, BOUND));
    }

    private static Optional<Noted> noted(HttpServletRequest request) {
        return Optional.ofNullable((Noted) request.getAttribute(ATTRIBUTE));
    }

    private static String error(SignedIn.Fault fault) {
        return switch (fault) {
            case TOKEN -> "invalid_token";
            case PROOF -> "invalid_dpop_proof";
        };
    }
}
