package io.countersign.it.world;

import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One Keycloak, and one demo that believes it and whose console signs people in by it, for all stories of the kind: started
 * side by side at the first, stopped after the last.
 */
public final class WithKeycloak implements ParameterResolver {

    private record Both(Keycloak keycloak, Demo demo) implements AutoCloseable {

        static Both start() {
            Keycloak keycloak = Keycloak.start();
            try {
                Demo demo = Demo.startIn(
                        Demo.freshFolder("with-keycloak"),
                        Map.of(
                                "KEYCLOAK_ISSUER",
                                keycloak.issuer(),
                                "COUNTERSIGN_OIDC_PROVIDER",
                                keycloak.issuer(),
                                "COUNTERSIGN_OIDC_CLIENT_ID",
                                "console",
                                "COUNTERSIGN_OIDC_CLIENT_SECRET",
                                "console-in-keycloak"),
                        "--policy",
                        StoryPolicy.folderWithKeycloak().toString());
                return new Both(keycloak.ready(), demo);
            } catch (RuntimeException | Error e) {
                keycloak.close();
                throw e;
            }
        }

        @Override
        public void close() {
            demo.close();
            keycloak.close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == Keycloak.class || type == Demo.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Both both = context.getRoot()
                .getStore(Namespace.create(WithKeycloak.class))
                .getOrComputeIfAbsent(Both.class, type -> Both.start(), Both.class);
        return parameter.getParameter().getType() == Demo.class ? both.demo() : both.keycloak();
    }
}
