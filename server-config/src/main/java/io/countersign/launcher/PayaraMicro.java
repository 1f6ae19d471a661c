package io.countersign.launcher;

import fish.payara.micro.BootstrapException;
import fish.payara.micro.PayaraMicroRuntime;
import fish.payara.micro.boot.PayaraMicroBoot;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.stream.Stream;

/** Payara Micro in this process, from the distribution's root directory but with an instance directory of its own. */
final class PayaraMicro implements Server {

    private static final System.Logger LOG = System.getLogger(PayaraMicro.class.getName());

    private static final String APPLICATION = "countersign";

    /** Held here, lest its filter be forgotten with it. */
    private static final Logger SHUTDOWN_HOOK = Logger.getLogger("PayaraMicro");

    private final PayaraMicroRuntime runtime;
    private final Path log;

    private PayaraMicro(PayaraMicroRuntime runtime, Path log) {
        this.runtime = runtime;
        this.log = log;
    }

    /**
     * Boots it without any application: one deployed during the boot ends in an error even when it works.
     *
     * @param payara   the distribution's {@code payara/}, which is only read
     * @param instance what this instance writes; emptied first
     * @param log      its log file
     */
    static PayaraMicro boot(Path payara, Path instance, Path log, int httpPort, GatewaySettings settings) {
        settings.apply();
        try {
            restore(payara, instance);
            log(payara.resolve("logging.properties"), instance.resolve("logging.properties"), log);
            // What Micro's own main class sets when it starts from a root directory.
            System.setProperty(
                    "fish.payara.micro.BootJar",
                    payara.resolve("launch-micro.jar").toUri().toString());
            System.setProperty("fish.payara.micro.UnpackDir", payara.toString());
            return new PayaraMicro(
                    create(
                                    "--rootdir",
                                    instance.toString(),
                                    "--port",
                                    Integer.toString(httpPort),
                                    "--nohazelcast",
                                    "--disablephonehome",
                                    "--prebootcommandfile",
                                    payara.resolve("pre-boot.asadmin").toString(),
                                    "--postbootcommandfile",
                                    payara.resolve("post-boot.asadmin").toString())
                            .getRuntime(),
                    log);
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "Payara Micro did not start", e);
            throw new Failure("Payara Micro did not start (%s). Its log is %s.".formatted(e.getMessage(), log), e);
        }
    }

    /**
     * Does what the main class in {@code launch-micro.jar} does. The public {@code PayaraMicroLauncher} would put a class
     * loader and a handler for {@code jar:} addresses of its own in between, which cost time and help nothing here.
     */
    private static PayaraMicroBoot create(String... arguments) throws ReflectiveOperationException {
        return (PayaraMicroBoot) Class.forName("fish.payara.micro.impl.PayaraMicroImpl")
                .getMethod("create", String[].class)
                .invoke(null, (Object) arguments);
    }

    @Override
    public void deploy(Path ear) {
        boolean claimed = runtime.deploy(ear.toFile());
        // Micro claims success of what failed; the list of applications tells.
        if (!claimed || !runtime.getDeployedApplicationNames().contains(APPLICATION)) {
            throw new Failure("The gateway was not deployed. Its log says why: " + log);
        }
    }

    @Override
    public void stop() {
        PrintStream console = System.out;
        try {
            // Payara prints a line of its own debugging as it stops.
            System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
            runtime.shutdown();
        } catch (BootstrapException e) {
            throw new Failure("Payara Micro did not stop as it should: " + e.getMessage(), e);
        } finally {
            System.setOut(console);
            // Its own shutdown hook, which finds nothing left to do, would tell that on the console.
            SHUTDOWN_HOOK.setFilter(line -> false);
        }
    }

    /**
     * An instance remembers its applications and would not start with them again: each start gets a pristine one, with its
     * configuration and the adapters that carry data sources.
     */
    private static void restore(Path payara, Path instance) throws IOException {
        Programs.delete(instance);
        Files.createDirectories(instance);
        for (String part : new String[] {"config", "lib"}) {
            try (Stream<Path> files = Files.walk(payara.resolve(part))) {
                for (Path file : files.toList()) {
                    Files.copy(file, instance.resolve(payara.relativize(file)));
                }
            }
        }
    }

    private static void log(Path template, Path settings, Path log) throws IOException {
        Files.writeString(
                settings,
                Files.readString(template)
                        .replace(
                                "@LOG_FILE@",
                                log.toString().replace("%", "%%").replace("gateway.0.log", "gateway.%g.log")));
        System.setProperty("java.util.logging.config.file", settings.toString());
        LogManager.getLogManager().readConfiguration();
    }
}
