package io.countersign.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Payara Server, production's home of the EAR, in a process and a domain of its own. Told its settings by environment
 * variables, which other accounts cannot read, unlike a command line.
 */
final class PayaraServer implements Server {

    private static final String DOMAIN = "countersign";

    /** Minutes that one asadmin command may take on a slow machine. */
    private static final int PATIENCE = 5;

    private final Path asadmin;
    private final Path instance;
    private final Path passwords;
    private final int adminPort;
    private final Map<String, String> environment;

    private PayaraServer(Path asadmin, Path instance, Path passwords, int adminPort, Map<String, String> environment) {
        this.asadmin = asadmin;
        this.instance = instance;
        this.passwords = passwords;
        this.adminPort = adminPort;
        this.environment = environment;
    }

    /**
     * Makes a new domain and starts it.
     *
     * @param home     the unpacked {@code payara6}
     * @param commands the folder with {@code pre-boot.asadmin} and {@code post-boot.asadmin}
     * @param instance where the domain lives; emptied first, after stopping one that a killed demo left behind
     * @param password of the server's administrator
     */
    static PayaraServer boot(
            Path home, Path commands, Path instance, String password, int httpPort, GatewaySettings settings) {
        Path asadmin = home.resolve("bin/asadmin");
        if (!Files.isExecutable(asadmin)) {
            throw new Failure(home + " is no unpacked Payara Server: there is no bin/asadmin in it.");
        }
        PayaraServer server = new PayaraServer(
                asadmin, instance, instance.resolve("passwords"), Ports.preferred(0), settings.asEnvironment());
        try {
            server.stop();
            Programs.delete(instance);
            Files.createDirectories(instance);
            Secrets.write(
                    server.passwords, ("AS_ADMIN_PASSWORD=" + password + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new Failure("The server's domain cannot be made in " + instance + ": " + e, e);
        }
        // Ports of listeners that stay closed are not checked.
        server.administer(
                "create-domain",
                "--checkports=false",
                "--domaindir",
                instance.toString(),
                "--adminport",
                Integer.toString(server.adminPort),
                "--instanceport",
                Integer.toString(httpPort),
                DOMAIN);
        server.withoutJms();
        server.administer(
                "start-domain",
                "--domaindir",
                instance.toString(),
                "--prebootcommandfile",
                commands.resolve("pre-boot.asadmin").toString(),
                "--postbootcommandfile",
                commands.resolve("post-boot.asadmin").toString(),
                DOMAIN);
        return server;
    }

    /** A domain without a word about JMS opens its port to everybody at the first start, before any command could say no. */
    private void withoutJms() {
        Path domain = instance.resolve(DOMAIN).resolve("config/domain.xml");
        String config = "<config name=\"server-config\">";
        try {
            String xml = Files.readString(domain);
            if (!xml.contains(config)) {
                throw new Failure(domain + " is not as Payara Server 6 writes it. Use another release of it.");
            }
            Files.writeString(
                    domain, xml.replace(config, config + "<jms-service type=\"DISABLED\" default-jms-host=\"none\"/>"));
        } catch (IOException e) {
            throw new Failure("The server's domain cannot be written: " + e, e);
        }
    }

    @Override
    public void deploy(Path ear) {
        administer("deploy", "--name", DOMAIN, ear.toString());
    }

    @Override
    public void stop() {
        if (Files.exists(instance.resolve(DOMAIN).resolve("config/pid"))) {
            administer("stop-domain", "--domaindir", instance.toString(), "--kill=true", DOMAIN);
        }
    }

    /** Where the server logs. */
    static Path log(Path instance) {
        return instance.resolve(DOMAIN).resolve("logs/server.log");
    }

    private void administer(String... command) {
        List<String> line = new ArrayList<>(List.of(
                asadmin.toString(),
                "--interactive=false",
                "--user",
                "admin",
                "--passwordfile",
                passwords.toString(),
                "--port",
                Integer.toString(adminPort)));
        line.addAll(List.of(command));
        Path said = instance.resolveSibling("asadmin.log");
        try {
            // To a file: the server inherits the stream, so that a pipe would never end.
            ProcessBuilder process =
                    new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(said.toFile());
            process.environment().putAll(environment);
            process.environment().put("AS_JAVA", System.getProperty("java.home"));
            Process running = process.start();
            if (!running.waitFor(PATIENCE, TimeUnit.MINUTES) || running.exitValue() != 0) {
                running.destroyForcibly();
                throw new Failure("Payara Server's '%s' failed: %s%nIts log is %s."
                        .formatted(command[0], Files.readString(said).strip(), log(instance)));
            }
        } catch (IOException e) {
            throw new Failure("Payara Server's '" + command[0] + "' could not be run: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while Payara Server was busy with " + command[0], e);
        }
    }
}
