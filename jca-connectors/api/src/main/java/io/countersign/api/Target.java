package io.countersign.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A protected upstream, and how the gateway itself logs in there.
 *
 * @param name     the policy's name for it; for PostgreSQL also the database name that clients ask for
 * @param port     1 to 65535
 * @param database the upstream's own name of the database
 * @param user     the account the gateway uses there
 * @param password its password; held in memory only, spent at log-in only. Empty where a certificate is all it has
 * @param tls      how the upstream connection is protected
 * @param catalogue how often it is asked what its views read and its functions are like; never where empty
 */
public record Target(
        String name,
        String protocol,
        String host,
        int port,
        String database,
        String user,
        Optional<Secret> password,
        Tls tls,
        Optional<Duration> catalogue) {

    /** One that is not asked for its catalogue. */
    public Target(
            String name,
            String protocol,
            String host,
            int port,
            String database,
            String user,
            Optional<Secret> password,
            Tls tls) {
        this(name, protocol, host, port, database, user, password, tls, Optional.empty());
    }

    public sealed interface Tls {

        /** Plain text: for targets on the gateway's own host. */
        record Off() implements Tls {}

        /**
         * Encrypted; the certificate must be valid and name the host (libpq's {@code verify-full}).
         *
         * @param trust          PEM file with the certificates to trust; the JDK's own where empty
         * @param channelBinding whether the log-in must be bound to this very connection
         * @param certificate    what the gateway shows of itself; nothing where empty
         */
        record VerifyFull(Optional<Path> trust, ChannelBinding channelBinding, Optional<ClientCertificate> certificate)
                implements Tls {}
    }

    /**
     * The gateway's own certificate, read anew for each connection.
     *
     * @param chain PEM file with it and those between it and what the target trusts
     * @param key   PEM file with its private key, as PKCS #8 (RFC 5958), not encrypted
     */
    public record ClientCertificate(Path chain, Path key) {}

    /** Whether what proves the password holds for one TLS connection only (RFC 5929), so that nobody can pass it on. */
    public enum ChannelBinding {
        /** Nothing else will do: a server that does not offer it, or asks for no proof at all, is refused. */
        REQUIRE,
        /** Where the server offers it. */
        PREFER
    }
}
