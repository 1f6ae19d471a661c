package io.countersign.launcher;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code countersign login}: a token of the organisation's own identity provider, for programs that take it as password. */
@Command(
        name = "login",
        description = {
            "Print a token of an OpenID provider, after you have agreed in a browser on any device (RFC 8628).",
            "Example: PGPASSWORD=$(countersign login --issuer URL --client-id ID) psql ..."
        })
final class LoginCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            required = true,
            description = "The provider, as the policy's issuer names it.")
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

    @Override
    public Integer call() {
        String token =
                DeviceLogin.token(issuer, client, scopes, spec.commandLine().getErr()::println);
        spec.commandLine().getOut().println(token);
        return 0;
    }
}
