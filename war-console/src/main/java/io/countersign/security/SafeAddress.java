package io.countersign.security;

import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An address of an identity provider that nobody can stand between: by https, or on the gateway's own machine. */
final class SafeAddress {

    private static final Set<String> OWN_MACHINE = Set.of("127.0.0.1", "[::1]", "localhost");

    private SafeAddress() {}

    static URI of(@Nullable URI address) throws IOException {
        if (address != null
                && ("https".equals(address.getScheme())
                        || "http".equals(address.getScheme())
                                && OWN_MACHINE.contains(String.valueOf(address.getHost())))) {
            return address;
        }
        throw new IOException("The provider's address " + address + " is not one of https.");
    }
}
