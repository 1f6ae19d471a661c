package io.countersign.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code countersign token}: signed here with the demo issuer's key, so that it works whether the demo runs or not. */
@Command(name = "token", description = "Print a fresh token of the demo's issuer, for demo and tests.")
final class TokenCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "LOGIN", description = "A login of the demo: alice, bob, carol, dave or erin.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String login;

    @Option(
            names = "--act",
            paramLabel = "AGENT",
            description =
                    "An agent that acts for LOGIN. Repeat it for a chain: the last one acts now, for the one before.")
    private List<String> agents = List.of();

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "How long the token is valid (default: 3600).")
    private long seconds = TokenClaims.DEFAULT_LIFETIME.toSeconds();

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The demo's data directory (default: that of the demo started last).")
    private @Nullable Path data;

    @Override
    public Integer call() {
        Path root = Home.here().dataOrLast(data);
        Path key = DataDirectory.issuerKey(root);
        if (!Files.exists(key)) {
            throw new Failure("There is no demo in %s. Start one with '%s demo', or name its directory with --data."
                    .formatted(root, Home.script()));
        }
        String issuer = DevelopmentIssuer.address(
                DemoPorts.lastOf(root.resolve("ports.properties")).issuer());
        spec.commandLine()
                .getOut()
                .println(SigningKey.keptIn(key)
                        .sign(TokenClaims.of(
                                DemoLogin.named(login),
                                agents,
                                issuer,
                                Clock.systemUTC().instant(),
                                Duration.ofSeconds(seconds))));
        return 0;
    }
}
