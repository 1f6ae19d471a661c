package io.countersign.launcher;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the gateway keeps its records, and how it signs in there.
 *
 * @param url        without user and password, so that it may be shown
 * @param dataSource the class that belongs to it
 * @param user       empty for the driver's own default
 */
record StoreAddress(String url, String dataSource, String user, String password) {

    private static final String H2 = "jdbc:h2:";
    private static final String POSTGRES = "jdbc:postgresql:";

    @Override
    public String toString() {
        return "StoreAddress[url=" + url + "]";
    }

    /**
     * Reads a JDBC address as people write it.
     *
     * @param jdbc     {@code jdbc:h2:…} or {@code jdbc:postgresql:…}; user and password in it win over the other two
     * @param user     empty where there is none
     * @param password empty where there is none
     */
    static StoreAddress of(String jdbc, String user, String password) {
        if (jdbc.startsWith(H2)) {
            return h2(jdbc, user, password);
        }
        if (jdbc.startsWith(POSTGRES)) {
            return postgres(jdbc, user, password);
        }
        throw new Failure("The store is H2 or PostgreSQL: --store takes jdbc:h2:… or jdbc:postgresql:…");
    }

    /** Settings follow semicolons (H2's "Database URL Overview"). */
    private static StoreAddress h2(String jdbc, String user, String password) {
        List<String> kept = new ArrayList<>();
        boolean delay = false;
        for (String part : jdbc.split(";", -1)) {
            if (is(part, "USER")) {
                user = value(part);
            } else if (is(part, "PASSWORD")) {
                password = value(part);
            } else {
                delay |= is(part, "WRITE_DELAY");
                kept.add(part);
            }
        }
        // H2 keeps commits in memory for half a second unless told otherwise: a killed process would lose them.
        if (!delay) {
            kept.add("WRITE_DELAY=0");
        }
        return new StoreAddress(String.join(";", kept), "org.h2.jdbcx.JdbcDataSource", user, password);
    }

    /** Settings stand in a query (pgJDBC's "Connecting to the Database"). */
    private static StoreAddress postgres(String jdbc, String user, String password) {
        int query = jdbc.indexOf('?');
        if (query >= 0) {
            List<String> kept = new ArrayList<>();
            for (String part : jdbc.substring(query + 1).split("&", -1)) {
                if (is(part, "user")) {
                    user = decoded(value(part));
                } else if (is(part, "password")) {
                    password = decoded(value(part));
                } else {
                    kept.add(part);
                }
            }
            jdbc = jdbc.substring(0, query) + (kept.isEmpty() ? "" : "?" + String.join("&", kept));
        }
        return new StoreAddress(jdbc, "org.postgresql.ds.PGSimpleDataSource", user, password);
    }

    private static boolean is(String part, String name) {
        return part.regionMatches(true, 0, name + "=", 0, name.length() + 1);
    }

    private static String value(String part) {
        return part.substring(part.indexOf('=') + 1);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
