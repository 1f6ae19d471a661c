package io.countersign.launcher;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/** A whole gateway with all it needs, on this machine, in one process (and PostgreSQL's): the story of its start and stop. */
final class Demo {

    private static final System.Logger LOG = System.getLogger(Demo.class.getName());

    private final DemoOptions options;
    private final Distribution distribution;
    private final Home home;
    private final Clock clock;
    private final PrintStream out;
    private final Progress progress;

    /** What to stop, the part started last first. */
    private final Deque<Runnable> started = new ArrayDeque<>();

    Demo(DemoOptions options, Distribution distribution, Home home, Clock clock, PrintStream out, Progress progress) {
        this.options = options;
        this.distribution = distribution;
        this.home = home;
        this.clock = clock;
        this.out = out;
        this.progress = progress;
    }

    /** Runs until told to stop. */
    void run(StopSignal stop) {
        try {
            start(stop).ifPresent(this::announce);
            stop.await();
            progress.say("stopping");
        } finally {
            stop();
        }
        progress.say("stopped");
    }

    /** Starts, and stops as soon as everything works. */
    void rehearse(StopSignal stop) {
        try {
            start(stop);
        } finally {
            stop();
        }
    }

    private void stop() {
        while (!started.isEmpty()) {
            quietly(started.pop());
        }
    }

    /** What runs then; nothing when told to stop meanwhile. */
    private Optional<DemoDescription> start(StopSignal stop) {
        Path place = options.data().orElseGet(home::defaultData);
        DataDirectory data = DataDirectory.open(place);
        started.push(data::close);
        progress.say("demo in " + data.root());
        Secrets secrets = data.secrets();
        DemoPorts ports = DemoPorts.chosen(data.ports(), options.httpPort(), options.postgresPort());
        ports.writeTo(data.ports());

        CompletableFuture<DemoDatabase> database = CompletableFuture.supplyAsync(() -> startDatabase(data, ports));
        started.push(() -> stopWhereMade(database));
        CompletableFuture<Void> files = CompletableFuture.runAsync(() -> writeFiles(data, ports));
        Path log = log(data);
        Server server = boot(data, ports);
        started.push(server::stop);
        SigningKey key = SigningKey.keptIn(data.issuerKey());
        DevelopmentIssuer issuer = DevelopmentIssuer.start(ports.issuer(), key, secrets, clock);
        started.push(issuer::close);
        joined(files);
        // It may still be made while the gateway is deployed; whether it failed already is told at once.
        if (database.isCompletedExceptionally()) {
            joined(database);
        }
        if (stop.isWished()) {
            return Optional.empty();
        }
        progress.say("deploying the gateway");
        server.deploy(distribution.ear());
        Path targetLog = joined(database).log();
        Readiness.await(ports, log, stop);
        if (stop.isWished()) {
            return Optional.empty();
        }
        progress.say("ready; " + policy());
        return Optional.of(new DemoDescription(ports, secrets, data.root(), targetLog));
    }

    /** What must be said of it, since nobody approved it. */
    private String policy() {
        return (options.bootstrap().equals("folder") ? "the demo put the policy in force itself" : "no policy yet")
                + ", and a change of it "
                + (options.fourEyes()
                        ? "waits for somebody's approval"
                        : "takes effect at once, without anybody's approval");
    }

    private void announce(DemoDescription demo) {
        if (!home.remember(demo.data())) {
            progress.say(home.directory() + " is another user's: give 'token' the option --data " + demo.data());
        }
        String issuer = DevelopmentIssuer.address(demo.ports().issuer());
        String token = SigningKey.keptIn(DataDirectory.issuerKey(demo.data()))
                .sign(TokenClaims.of(
                        DemoLogin.named("alice"), List.of(), issuer, clock.instant(), TokenClaims.DEFAULT_LIFETIME));
        out.println(demo.text(token, options.script()));
        options.describe().ifPresent(demo::writeTo);
    }

    private Server boot(DataDirectory data, DemoPorts ports) {
        GatewaySettings settings = settings(data, ports);
        if (options.payaraServer().isPresent()) {
            progress.say("starting Payara Server");
            String password = data.secrets().key("payara-admin");
            return PayaraServer.boot(
                    options.payaraServer().get(),
                    distribution.payaraServer(),
                    data.payara(),
                    password,
                    ports.http(),
                    settings);
        }
        progress.say("starting Payara Micro");
        return PayaraMicro.boot(distribution.payara(), data.payara(), data.log(), ports.http(), settings);
    }

    private Path log(DataDirectory data) {
        return options.payaraServer().isPresent() ? PayaraServer.log(data.payara()) : data.log();
    }

    private DemoDatabase startDatabase(DataDirectory data, DemoPorts ports) {
        SelfSigned key = SelfSigned.in(data.targetKeyStore(), data.secrets().key("target-tls"));
        DemoDatabase database = DemoDatabase.in(
                data.postgres(), home.directory(), distribution, data.secrets().key("target-password"), key, progress);
        database.start(ports.target());
        return database;
    }

    /** One that could not be made has told so when the start waited for it. */
    private static void stopWhereMade(CompletableFuture<DemoDatabase> database) {
        database.handle((made, failure) -> Optional.ofNullable(made)).join().ifPresent(DemoDatabase::stop);
    }

    private void writeFiles(DataDirectory data, DemoPorts ports) {
        Accounts.writeTo(data.accounts(), data.secrets(), DevelopmentIssuer.address(ports.issuer()));
        SelfSigned.in(data.listenerKeyStore(), data.secrets().key("listener-tls"));
        try {
            if (options.policy().isEmpty() && !Files.exists(data.policy())) {
                copy(distribution.demoPolicy(), data.policy());
            }
        } catch (IOException e) {
            throw new Failure("The example policy cannot be copied to " + data.policy() + ": " + e, e);
        }
    }

    private GatewaySettings settings(DataDirectory data, DemoPorts ports) {
        Secrets secrets = data.secrets();
        StoreAddress store = options.store()
                .orElseGet(() ->
                        StoreAddress.of("jdbc:h2:file:" + data.store(), "countersign", secrets.key("store-password")));
        return policyPlace(data)
                .with("policy.changes", options.fourEyes() ? "approved" : "immediate")
                .with("policy.bootstrap", options.bootstrap())
                .with("data.dir", data.records())
                .store(store)
                .with("console.url", DemoDescription.console(ports))
                .with(
                        "console.banner",
                        "Demo: tokens and logins come from a built-in issuer that serves the demo and tests only.")
                .with("accounts.file", data.accounts())
                .with("postgres.host", "127.0.0.1")
                .with("postgres.port", Integer.toString(ports.postgres()))
                .with("postgres.tls", "optional")
                .with("postgres.keystore", data.listenerKeyStore())
                .with("postgres.keystore.password", secrets.key("listener-tls"))
                .variable("demo.issuer", DevelopmentIssuer.address(ports.issuer()))
                .variable("demo.target.user", DemoDatabase.USER)
                .variable("demo.target.ca", data.targetCertificate().toString())
                .variable("demo.target.port", Integer.toString(ports.target()))
                .variable("demo.target.password", secrets.key("target-password"));
    }

    private GatewaySettings policyPlace(DataDirectory data) {
        GatewaySettings settings = new GatewaySettings();
        return options.policyGit()
                .map(url -> settings.with("policy.git.url", url).with("policy.git.interval", "PT2S"))
                .orElseGet(() -> settings.with(
                        "policy.dir", options.policy().orElseGet(data::policy).toAbsolutePath()));
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }

    private static <T> T joined(CompletableFuture<T> part) {
        try {
            return part.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** One part that stops badly must not keep the others from stopping. */
    private void quietly(Runnable stop) {
        try {
            stop.run();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A part of the demo did not stop as it should", e);
        }
    }
}
