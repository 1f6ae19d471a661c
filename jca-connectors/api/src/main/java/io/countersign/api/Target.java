package io.countersign.api;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A protected upstream, and how the gateway itself logs in there.
 *
 * @param name     the policy's name for it; for PostgreSQL also the database name that clients ask for
 * @param port     1 to 65535
 * @param database the upstream's own name of the database
 * @param user     the account the gateway uses there
 * @param password its password; held in memory only, spent at log-in only
 * @param tls      how the upstream connection is protected
 * @param trust    PEM file with the certificates to trust; the JDK's own where empty
 */
public record Target(
        String name,
        String protocol,
        String host,
        int port,
        String database,
        String user,
        Secret password,
        Tls tls,
        Optional<Path> trust) {

    public enum Tls {
        /** Plain text: for targets on the gateway's own host. */
        OFF,
        /** Encrypted; the certificate must be valid and name the host (libpq's {@code verify-full}). */
        VERIFY_FULL
    }
}
