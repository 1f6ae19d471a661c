package io.countersign.launcher;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the EAR is told, as MicroProfile Config properties. Production sets the same names in Payara's system properties or,
 * in capitals with underscores, in the environment (MicroProfile Config 3.1, "Environment Variables Mapping Rules").
 */
final class GatewaySettings {

    private final Map<String, String> settings = new TreeMap<>();

    GatewaySettings with(String name, String value) {
        settings.put("countersign." + name, value);
        return this;
    }

    GatewaySettings with(String name, Path value) {
        return with(name, value.toString());
    }

    /** A variable that files of the policy folder may name as <code>${name}</code>. */
    GatewaySettings variable(String name, String value) {
        settings.put(name, value);
        return this;
    }

    GatewaySettings store(StoreAddress store) {
        return with("store.url", store.url())
                .with("store.driver", store.dataSource())
                .with("store.user", store.user())
                .with("store.password", store.password());
    }

    /** Sets them all in this process. */
    void apply() {
        settings.forEach(System::setProperty);
    }

    /** As environment variables for another process (MicroProfile Config 3.1, "Environment Variables Mapping Rules"). */
    Map<String, String> asEnvironment() {
        Map<String, String> environment = new TreeMap<>();
        settings.forEach((name, value) ->
                environment.put(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT), value));
        return environment;
    }
}
