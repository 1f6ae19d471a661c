package io.countersign.security;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import jakarta.servlet.SessionCookieConfig;
import jakarta.servlet.annotation.WebListener;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes the session's cookie one that scripts cannot read, other sites cannot send along with a post, and plain text
 * never carries where the console is served by TLS (RFC 6265bis §4.1.2). Lax, not Strict: the link in psql's notice and
 * the way back from an OpenID provider must find the session (that from a SAML provider is told in {@link SamlPost}).
 */
@WebListener
public class SessionCookie implements ServletContextListener {

    @Override
    public void contextInitialized(ServletContextEvent event) {
        boolean encrypted = ConfigProvider.getConfig()
                .getOptionalValue("countersign.console.url", String.class)
                .map(url -> url.startsWith("https:"))
                .orElse(false);
        SessionCookieConfig cookie = event.getServletContext().getSessionCookieConfig();
        cookie.setName(encrypted ? "__Host-countersign" : "countersign");
        cookie.setPath("/");
        cookie.setHttpOnly(true);
        cookie.setSecure(encrypted);
        cookie.setAttribute("SameSite", "Lax");
    }
}
