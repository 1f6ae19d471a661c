package io.countersign.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The OpenID provider that people of the console sign in with, by configuration only. Read by expressions. */
@ApplicationScoped
@Named
public class OpenIdSettings {

    /** The page that the provider sends people back to; register it there with the console's address before it. */
    static final String CALLBACK = "/signed-in";

    @Inject
    @ConfigProperty(name = "countersign.oidc.provider")
    private Optional<String> provider;

    @Inject
    @ConfigProperty(name = "countersign.oidc.client-id")
    private Optional<String> clientId;

    @Inject
    @ConfigProperty(name = "countersign.oidc.client-secret")
    private Optional<String> clientSecret;

    @Inject
    @ConfigProperty(name = "countersign.console.url")
    private Optional<String> console;

    public boolean isConfigured() {
        return provider.isPresent();
    }

    /** The issuer's address; its configuration is at {@code /.well-known/openid-configuration} below. */
    public String getProvider() {
        return provider.orElse("");
    }

    public String getClientId() {
        return clientId.orElse("");
    }

    /** Spent only in the request for tokens. */
    public String getClientSecret() {
        return clientSecret.orElse("");
    }

    public String getRedirect() {
        return console.map(address -> address.replaceAll("/+$", "") + CALLBACK).orElse("${baseURL}" + CALLBACK);
    }
}
