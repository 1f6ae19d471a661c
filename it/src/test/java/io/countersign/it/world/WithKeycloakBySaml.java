package io.countersign.it.world;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** The same Keycloak, and a demo whose console signs people in by SAML; it stops with the class that asked for it. */
public final class WithKeycloakBySaml extends WithKeycloak {

    /** As the realm calls the console. */
    public static final String ENTITY = "countersign-console";

    @Override
    Map<String, String> signIn(Keycloak keycloak) {
        return Map.of(
                "COUNTERSIGN_SAML_METADATA",
                keycloak.samlMetadata(),
                "COUNTERSIGN_SAML_ISSUER",
                "keycloak",
                "COUNTERSIGN_SAML_SUBJECT",
                "sub",
                "COUNTERSIGN_SAML_ENTITY_ID",
                ENTITY,
                "COUNTERSIGN_SAML_KEYSTORE",
                keycloak.consoleKey().file().toString(),
                "COUNTERSIGN_SAML_KEYSTORE_PASSWORD",
                keycloak.consoleKey().password());
    }

    @Override
    Store keeper(ExtensionContext context) {
        ExtensionContext perClass =
                context.getTestMethod().isPresent() ? context.getParent().orElseThrow() : context;
        return perClass.getStore(Namespace.create(WithKeycloakBySaml.class));
    }
}
