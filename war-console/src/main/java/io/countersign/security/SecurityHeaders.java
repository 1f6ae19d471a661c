package io.countersign.security;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebFilter;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Tells browsers what these pages never do: run foreign or inline code, sit in a frame, leak addresses, be kept in a
 * cache. Pages get their scripts' policy from PrimeFaces, which knows each answer's nonce (web.xml).
 */
@WebFilter(
        urlPatterns = "/*",
        dispatcherTypes = {DispatcherType.REQUEST, DispatcherType.ERROR},
        asyncSupported = true)
public class SecurityHeaders extends HttpFilter {

    /** Answers of REST are data, whatever a browser takes them for. */
    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";

    /** For pages without Faces. On others PrimeFaces adds its own, and browsers would have both be met. */
    static final String OWN =
            "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        set(response);
        if (request.isSecure()) {
            response.setHeader("Strict-Transport-Security", "max-age=31536000");
        }
        if (SignInDispatcher.isApi(request)) {
            response.setHeader("Content-Security-Policy", NOTHING);
        } else if (request.getServletPath().startsWith("/error/")) {
            response.setHeader("Content-Security-Policy", OWN);
        }
        if (!request.getServletPath().startsWith("/jakarta.faces.resource")) {
            response.setHeader("Cache-Control", "no-store");
        }
        chain.doFilter(request, response);
    }

    /** What every answer has, those too that no filter sees because nobody is signed in yet. */
    static void set(HttpServletResponse response) {
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("X-Frame-Options", "DENY");
        response.setHeader("Referrer-Policy", "same-origin");
        response.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
        response.setHeader("Cross-Origin-Opener-Policy", "same-origin");
        response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    }
}
