package io.countersign.security;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/** Why the token that a request offered was not accepted, for the resources' answer. */
public final class TokenRefusal {

    private static final String ATTRIBUTE = TokenRefusal.class.getName();

    private TokenRefusal() {}

    static void note(HttpServletRequest request, String why) {
        request.setAttribute(ATTRIBUTE, why);
    }

    /** One or two sentences, fit for the caller's eyes; empty where no token came. */
    public static Optional<String> of(HttpServletRequest request) {
        return Optional.ofNullable((String) request.getAttribute(ATTRIBUTE));
    }
}
