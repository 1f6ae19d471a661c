package io.countersign.launcher;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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

    @Mixin
    private final ProviderOptions provider = new ProviderOptions();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(provider.token(spec.commandLine().getErr()::println));
        return 0;
    }
}
