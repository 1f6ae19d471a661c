package io.countersign.it.world;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Keycloak, and one demo that believes it and whose console signs people in by it, for all stories of the kind: started
 * side by side at the first, stopped after the last.
 */
public class WithKeycloak implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(WithKeycloak.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Keycloak.class || type == Demo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Keycloak keycloak = context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(Keycloak.class, type -> Keycloak.start(), Keycloak.class);
        Demo demo = keeper(context).getOrComputeIfAbsent(getClass(), type -> start(keycloak), Demo.class);
        keycloak.ready();
        return parameter.getParameter().getType() == Demo.class ? demo : keycloak;
    }

    /** What stops the demo in the end. */
    Store keeper(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE);
    }

    /** How the demo's console signs people in. */
    Map<String, String> signIn(Keycloak keycloak) {
        return Map.of(
                "COUNTERSIGN_OIDC_PROVIDER", keycloak.issuer(),
                "COUNTERSIGN_OIDC_CLIENT_ID", "console",
                "COUNTERSIGN_OIDC_CLIENT_SECRET", "console-in-keycloak");
    }

    private Demo start(Keycloak keycloak) {
        Map<String, String> settings = new HashMap<>(signIn(keycloak));
        settings.put("KEYCLOAK_ISSUER", keycloak.issuer());
        return Demo.startIn(
                Demo.freshFolder("with-keycloak"),
                settings,
                "--policy",
                StoryPolicy.folderWithKeycloak().toString());
    }
}
