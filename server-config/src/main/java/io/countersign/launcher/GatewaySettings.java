package io.countersign.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the EAR is told, as MicroProfile Config properties. Production sets the same names in Payara's system properties or,
 * in capitals with underscores, in the environment (MicroProfile Config 3.1, "Environment Variables Mapping Rules").
 */
final class GatewaySettings {

    private static final String H2 = "jdbc:h2:";

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

    /**
     * The store, with the data source class that belongs to its address.
     *
     * @param url      {@code jdbc:h2:…} or {@code jdbc:postgresql:…}
     * @param user     empty where the address carries it
     * @param password empty where the address carries it
     */
    GatewaySettings store(String url, String user, String password) {
        return with("store.url", url.startsWith(H2) ? writtenAtCommit(url) : url)
                .with("store.driver", dataSource(url))
                .with("store.user", user)
                .with("store.password", password);
    }

    /** Sets them all in this process. */
    void apply() {
        settings.forEach(System::setProperty);
    }

    Map<String, String> asMap() {
        return Map.copyOf(settings);
    }

    private static String dataSource(String url) {
        if (url.startsWith(H2)) {
            return "org.h2.jdbcx.JdbcDataSource";
        }
        if (url.startsWith("jdbc:postgresql:")) {
            return "org.postgresql.ds.PGSimpleDataSource";
        }
        throw new Failure("The store is H2 or PostgreSQL: --store takes jdbc:h2:… or jdbc:postgresql:…");
    }

    /** H2 keeps commits in memory for half a second unless told otherwise; a killed process would lose them. */
    private static String writtenAtCommit(String url) {
        return url.contains("WRITE_DELAY=") ? url : url + ";WRITE_DELAY=0";
    }
}
