package io.countersign.launcher;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code countersign demo}. */
@Command(
        name = "demo",
        description =
                "Start a gateway with everything around it: console, example policy, issuer, and PostgreSQL as target.",
        footer = {
            "",
            "The store's user and password may stand in the JDBC address or in COUNTERSIGN_STORE_USER and"
                    + " COUNTERSIGN_STORE_PASSWORD."
        })
final class DemoCommand implements Callable<Integer> {

    @Option(
            names = "--describe",
            paramLabel = "FILE",
            description = "Once ready, write addresses and logins there as JSON.")
    private @Nullable Path describe;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep everything there (default: .countersign/demo in the checkout).")
    private @Nullable Path data;

    @Option(
            names = "--policy",
            paramLabel = "DIR",
            description = "Use this policy folder (default: a copy of the example).")
    private @Nullable Path policy;

    @Option(
            names = "--policy-git",
            paramLabel = "URL",
            description = "Pull the policy from the branch 'main' of this git repository instead, every two seconds.")
    private @Nullable String policyGit;

    @Option(
            names = "--policy-changes",
            paramLabel = "HOW",
            defaultValue = "immediate",
            description =
                    "When a change of the policy takes effect: 'immediate' (default, in demos only) or 'approved', once"
                            + " somebody countersigns it, as in production.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private Changes changes;

    @Option(
            names = "--policy-bootstrap",
            hidden = true,
            defaultValue = "folder",
            description = "As production: 'code'.")
    @SuppressWarnings("NullAway.Init") // picocli insists on it
    private String bootstrap;

    /** Spelled as the gateway's own setting. */
    enum Changes {
        immediate,
        approved
    }

    @Option(
            names = "--store",
            paramLabel = "JDBC-URL",
            description = "Keep records in this database (default: an H2 file).")
    private @Nullable String store;

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "Serve console and REST there (default: a free port).")
    private @Nullable Integer httpPort;

    @Option(
            names = "--postgres-port",
            paramLabel = "N",
            description = "Take PostgreSQL clients there (default: a free port).")
    private @Nullable Integer postgresPort;

    @Option(
            names = "--payara-server",
            paramLabel = "DIR",
            description = "Run on this unpacked Payara Server (default: Payara Micro, which starts faster).")
    private @Nullable Path payaraServer;

    @Override
    public Integer call() {
        if (policy != null && policyGit != null) {
            throw new Failure("The policy is in one place: give --policy or --policy-git, not both.");
        }
        StopSignal stop = StopSignal.watch();
        Clock clock = Clock.systemUTC();
        DemoOptions options = new DemoOptions(
                Optional.ofNullable(describe),
                Optional.ofNullable(data),
                Optional.ofNullable(policy),
                Optional.ofNullable(policyGit),
                Optional.ofNullable(store)
                        .map(jdbc -> StoreAddress.of(
                                jdbc,
                                environment("COUNTERSIGN_STORE_USER"),
                                environment("COUNTERSIGN_STORE_PASSWORD"))),
                Optional.ofNullable(payaraServer).map(Path::toAbsolutePath),
                httpPort,
                postgresPort,
                changes == Changes.approved,
                bootstrap,
                Home.script());
        new Demo(options, Distribution.here(), Home.here(), clock, System.out, new Progress(clock, System.err))
                .run(stop);
        return 0;
    }

    private static String environment(String name) {
        return Optional.ofNullable(System.getenv(name)).orElse("");
    }
}
