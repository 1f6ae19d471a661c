package io.countersign.postgres;

import io.countersign.postgres.message.Report;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How clients are asked for their token. The protocol lets a server ask in one way only, so those that want another say so when
 * they start, by {@code -c countersign.sign_in=…} among their options.
 *
 * @param usual  the way of those that do not say
 * @param issuer where clients get a token; without one there is no sign-in by OAUTHBEARER
 */
record ClientSignIn(Way usual, Optional<Issuer> issuer) {

    static final ClientSignIn BY_PASSWORD = new ClientSignIn(Way.PASSWORD, Optional.empty());

    enum Way {
        PASSWORD,
        OAUTHBEARER;

        /** @throws IllegalArgumentException naming what is allowed */
        static Way parse(String word) {
            for (Way way : values()) {
                if (way.word().equalsIgnoreCase(word)) {
                    return way;
                }
            }
            throw new IllegalArgumentException("'" + word + "' is not one of "
                    + Arrays.stream(values()).map(Way::word).collect(Collectors.joining(", ")));
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @param address the issuer's own name, or the address of its metadata where that is another than OpenID Connect
     *                Discovery 1.0 §4 says
     * @param scope   what a client has to ask for
     */
    record Issuer(URI address, String scope) {

        /** @throws IllegalArgumentException saying what is wrong with the address or the scope */
        Issuer {
            if (!"https".equals(address.getScheme()) && !("http".equals(address.getScheme()) && here(address))) {
                throw new IllegalArgumentException(
                        "the issuer '" + address + "' must be an https address; http will do on this machine only");
            }
            // RFC 6749 §3.3.
            if (!scope.matches("[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*")) {
                throw new IllegalArgumentException(
                        "the scope '" + scope + "' must be words with one blank between them");
            }
        }

        private static boolean here(URI address) {
            try {
                return address.getHost() != null
                        && InetAddress.getByName(address.getHost()).isLoopbackAddress();
            } catch (UnknownHostException e) {
                return false;
            }
        }

        String configuration() {
            String name = address.toString();
            if (name.contains("/.well-known/")) {
                return name;
            }
            return (name.endsWith("/") ? name.substring(0, name.length() - 1) : name)
                    + "/.well-known/openid-configuration";
        }
    }

    ClientSignIn {
        if (usual == Way.OAUTHBEARER && issuer.isEmpty()) {
            throw new IllegalArgumentException("sign-in by oauthbearer needs the issuer that clients are sent to");
        }
    }

    /**
     * @param chosen    what the client says it wants
     * @param encrypted whether TLS protects the connection
     */
    TokenRequest request(Optional<Way> chosen, boolean encrypted) throws StartParameters.Refused {
        if (chosen.orElse(usual) == Way.PASSWORD) {
            return new TokenRequest.AsPassword();
        }
        if (issuer.isEmpty()) {
            throw new StartParameters.Refused(
                    Report.fatal("0A000", "this gateway does not offer sign-in by OAUTHBEARER")
                            .hint("Send the token as password."));
        }
        if (!encrypted) {
            // RFC 7628 §5.
            throw new StartParameters.Refused(
                    Report.fatal("28000", "sign-in by OAUTHBEARER needs an encrypted connection")
                            .hint("Connect with sslmode=require, or better verify-full."));
        }
        return new OAuthBearer(issuer.get());
    }
}
