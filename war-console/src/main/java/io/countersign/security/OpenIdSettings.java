package io.countersign.security;

import io.countersign.api.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The OpenID provider that people of the console sign in with, by configuration only. */
@ApplicationScoped
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
    private ConsoleAddress console;

    public boolean isConfigured() {
        return provider.isPresent();
    }

    /** The issuer's identifier; its configuration is at {@code /.well-known/openid-configuration} below. */
    String provider() {
        return needed(provider, "countersign.oidc.provider");
    }

    String clientId() {
        return needed(clientId, "countersign.oidc.client-id");
    }

    /** Empty for a public client, which has PKCE alone. */
    Optional<Secret> clientSecret() {
        return clientSecret.map(Secret::of);
    }

    /** Where the provider sends people back to, with a code. */
    URI redirect() {
        return console.of(CALLBACK);
    }

    private static String needed(Optional<String> setting, String name) {
        return setting.orElseThrow(() ->
                new IllegalStateException("Sign-in by OpenID Connect is configured, but " + name + " is not set."));
    }
}
