package io.countersign.security;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Where identity providers find the console, by configuration. Never from the request: what a browser says of its host decides
 * nothing about where a code or an assertion goes.
 */
@ApplicationScoped
class ConsoleAddress {

    @Inject
    @ConfigProperty(name = "countersign.console.url")
    private Optional<String> console;

    /**
     * @param path of a page, from its slash on
     * @throws IllegalStateException where nobody has configured the address
     */
    URI of(String path) {
        return URI.create(console.map(address -> address.replaceAll("/+$", ""))
                        .orElseThrow(
                                () -> new IllegalStateException(
                                        "Sign-in by an identity provider is configured, but countersign.console.url is not set."))
                + path);
    }
}
