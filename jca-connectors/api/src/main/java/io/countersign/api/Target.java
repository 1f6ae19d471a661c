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
 */
public record Target(
        String name, String protocol, String host, int port, String database, String user, Secret password, Tls tls) {

    public sealed interface Tls {

        /** Plain text: for targets on the gateway's own host. */
        record Off() implements Tls {}

        /**
         * Encrypted; the certificate must be valid and name the host (libpq's {@code verify-full}).
         *
         * @param trust          PEM file with the certificates to trust; the JDK's own where empty
         * @param channelBinding whether the log-in must be bound to this very connection
         */
        record VerifyFull(Optional<Path> trust, ChannelBinding channelBinding) implements Tls {}
    }

    /** Whether what proves the password holds for one TLS connection only (RFC 5929), so that nobody can pass it on. */
    public enum ChannelBinding {
        /** Nothing else will do: a server that does not offer it, or asks for no proof at all, is refused. */
        REQUIRE,
        /** Where the server offers it. */
        PREFER
    }
}
