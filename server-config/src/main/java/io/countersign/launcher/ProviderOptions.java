package io.countersign.launcher;

import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Where a token is to be had while somebody agrees in a browser (RFC 8628). */
final class ProviderOptions {

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            required = true,
            description = "The OpenID provider, as the policy's issuer names it.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String issuer;

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            required = true,
            description = "A public client there that may use the device flow.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String client;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "What to ask for (default: openid). Repeat it for several.")
    private List<String> scopes = List.of("openid");

    /**
     * Waits until somebody has agreed.
     *
     * @param told what that person has to do
     * @throws Failure where nobody agreed in time, or the provider refuses
     */
    String token(Consumer<String> told) {
        return DeviceLogin.token(issuer, client, scopes, told);
    }
}
