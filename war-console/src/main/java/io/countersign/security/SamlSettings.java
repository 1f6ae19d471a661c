package io.countersign.security;

import io.countersign.api.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The SAML provider that people of the console sign in with, by configuration only. */
@ApplicationScoped
public class SamlSettings {

    /** Where the provider has the browser post its answer; in the metadata with the console's address before it. */
    static final String ANSWERS = OpenIdSettings.CALLBACK;

    /** Where this gateway describes itself to the provider. */
    static final String METADATA = "/saml-metadata";

    @Inject
    @ConfigProperty(name = "countersign.saml.metadata")
    private Optional<String> metadata;

    @Inject
    @ConfigProperty(name = "countersign.saml.issuer")
    private Optional<String> issuer;

    @Inject
    @ConfigProperty(name = "countersign.saml.subject")
    private Optional<String> subject;

    @Inject
    @ConfigProperty(name = "countersign.saml.name", defaultValue = "name")
    private String name;

    @Inject
    @ConfigProperty(name = "countersign.saml.groups", defaultValue = "groups")
    private String groups;

    @Inject
    @ConfigProperty(name = "countersign.saml.verified-email")
    private Optional<String> email;

    @Inject
    @ConfigProperty(name = "countersign.saml.entity-id")
    private Optional<String> entityId;

    @Inject
    @ConfigProperty(name = "countersign.saml.keystore")
    private Optional<String> keyStore;

    @Inject
    @ConfigProperty(name = "countersign.saml.keystore-password")
    private Optional<String> keyStorePassword;

    @Inject
    private ConsoleAddress console;

    @Inject
    private OpenIdSettings openId;

    public boolean isConfigured() {
        return metadata.isPresent();
    }

    /** A file, or an address to fetch it from. Whoever can change it decides who anybody is. */
    String metadata() {
        if (openId.isConfigured()) {
            throw new IllegalStateException("Sign-in is configured twice, by countersign.oidc.provider and by"
                    + " countersign.saml.metadata. Set one of them.");
        }
        return needed(metadata, "countersign.saml.metadata");
    }

    /** Issuer and subject are asked for, not guessed: a person who is two accounts could approve their own requests. */
    SamlAttributes attributes() {
        return new SamlAttributes(
                needed(issuer, "countersign.saml.issuer"),
                needed(subject, "countersign.saml.subject"),
                name,
                groups,
                email);
    }

    /** This gateway's own name towards the provider: where it describes itself, unless it is called otherwise there. */
    String entityId() {
        return entityId.orElseGet(() -> console.of(METADATA).toString());
    }

    /** Where the provider has people's browsers post what it says of them. */
    URI answers() {
        return console.of(ANSWERS);
    }

    /** Empty where this gateway signs nothing and nothing is encrypted for it. */
    Optional<SamlKey> key() throws IOException {
        return keyStore.isEmpty()
                ? Optional.empty()
                : Optional.of(SamlKey.load(
                        Path.of(keyStore.get()),
                        Secret.of(needed(keyStorePassword, "countersign.saml.keystore-password"))));
    }

    private static String needed(Optional<String> setting, String name) {
        return setting.orElseThrow(
                () -> new IllegalStateException("Sign-in by SAML is configured, but " + name + " is not set."));
    }
}
