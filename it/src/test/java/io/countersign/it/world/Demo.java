package io.countersign.it.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code ./countersign demo} as a user starts it, but for the JVM's second compiler, and the clients that talk to it. */
public final class Demo implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path HOME = Path.of(System.getProperty("countersign.home", ".."))
            .toAbsolutePath()
            .normalize();
    private static final Path WORK = Path.of(System.getProperty("countersign.it.work", "target/stories"))
            .toAbsolutePath()
            .normalize();

    /** An unpacked Payara Server to run on instead of Payara Micro (Maven's profile {@code payara-server}). */
    private static final Optional<String> PAYARA_SERVER =
            Optional.ofNullable(System.getProperty("countersign.it.payara-server"));

    /** What is compiled for later takes two fifths of a start's CPU, and most of these gateways live for seconds. */
    private static final String QUICK_TO_START = "-XX:TieredStopAtLevel=1";

    private final Program process;
    private final Path data;
    private final JsonNode described;
    private final List<String> options;
    private final Map<String, String> tokens = new ConcurrentHashMap<>();

    private Demo(Program process, Path data, JsonNode described, List<String> options) {
        this.process = process;
        this.data = data;
        this.described = described;
        this.options = options;
    }

    /** Starts one in a fresh data folder and waits until it says that it is ready. */
    public static Demo start(String name, String... options) {
        return startIn(freshFolder(name), options);
    }

    /** Starts one upon what an earlier one left. */
    public static Demo startIn(Path data, String... options) {
        return startIn(data, Map.of(), options);
    }

    /** Starts one that finds these settings in its environment, as production does. */
    public static Demo startIn(Path data, Map<String, String> environment, String... options) {
        try {
            Path describe = data.resolve("described.json");
            Files.deleteIfExists(describe);
            List<String> command = new ArrayList<>(List.of(
                    HOME.resolve("countersign").toString(),
                    "demo",
                    "--data",
                    data.toString(),
                    "--describe",
                    describe.toString()));
            command.addAll(List.of(options));
            PAYARA_SERVER.ifPresent(server -> command.addAll(List.of("--payara-server", server)));
            Map<String, String> all = new HashMap<>(System.getenv());
            all.putAll(environment);
            // What whoever runs the stories asks of the JVM comes last, and so wins.
            all.merge("COUNTERSIGN_JAVA_OPTS", QUICK_TO_START, (own, quick) -> quick + " " + own);
            Program process = Program.start(command, all);
            Await.until("the demo in " + data + " to be ready", Duration.ofMinutes(5), () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("the demo ended at once: " + process.out() + process.err());
                }
                return Files.exists(describe);
            });
            return new Demo(process, data, JSON.readTree(describe.toFile()), List.of(options));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of the checkout. */
    public static String home(String file) {
        return HOME.resolve(file).toString();
    }

    /** An empty folder that every user of the machine may enter (PostgreSQL does not run as root). */
    public static Path freshFolder(String name) {
        try {
            Files.createDirectories(WORK);
            return Files.createTempDirectory(WORK, name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs another of the command line's words. */
    public static Program.Result countersign(String... words) {
        return command(words).finish().orFail();
    }

    public static Program command(String... words) {
        List<String> command =
                new ArrayList<>(List.of(HOME.resolve("countersign").toString()));
        command.addAll(List.of(words));
        return Program.start(command, Map.of());
    }

    public Path data() {
        return data;
    }

    /** The folder whose changes come into force while it runs. */
    public Path policy() {
        int option = options.indexOf("--policy");
        return option < 0 ? data.resolve("policy") : Path.of(options.get(option + 1));
    }

    public JsonNode described() {
        return described;
    }

    public String console() {
        return described.get("console").asText();
    }

    public String host() {
        return described.at("/targets/0/host").asText();
    }

    public int port() {
        return described.at("/targets/0/port").asInt();
    }

    public String database() {
        return described.at("/targets/0/database").asText();
    }

    public String password(String login) {
        for (JsonNode each : described.get("logins")) {
            if (each.get("name").asText().equals(login)) {
                return each.get("password").asText();
            }
        }
        throw new IllegalArgumentException("the demo has no login " + login);
    }

    /** A token of the demo's issuer, with the agents acting for the login, if any. */
    public String token(String login, String... agents) {
        return tokens.computeIfAbsent(login + List.of(agents), key -> {
            List<String> words = new ArrayList<>(List.of("token", login, "--data", data.toString()));
            for (String agent : agents) {
                words.addAll(List.of("--act", agent));
            }
            return countersign(words.toArray(String[]::new)).out().strip();
        });
    }

    /** The same, issued this very moment: for what needs a fresh sign-in. */
    public String freshToken(String login) {
        return countersign("token", login, "--data", data.toString()).out().strip();
    }

    /** A token of the demo's issuer for somebody like {@code login}, but for these claims. */
    public String tokenLike(String login, Map<String, Object> claims) {
        return IssuerKey.of(data).like(token(login), claims);
    }

    /** psql reading commands from its input, as {@code login}. */
    public Program psql(String login, String... options) {
        return psqlWithToken(token(login), options);
    }

    public Program psqlWithToken(String token, String... options) {
        List<String> command = new ArrayList<>(List.of(
                Debian.program("/usr/bin/psql", "postgresql-client").toString(), "-X", "-d", conninfo("alice")));
        command.addAll(List.of(options));
        return Program.start(command, Map.of("PGPASSWORD", token));
    }

    /** psql at a terminal, which script(1) is: it completes words, and Ctrl-C cancels instead of ending it. */
    public Program terminal(String login) {
        String psql = "psql -X -P pager=off '" + conninfo("alice") + "'";
        return Program.start(
                        List.of("script", "-qfc", psql, "/dev/null"),
                        Map.of("PGPASSWORD", token(login), "TERM", "dumb"))
                .awaitText("=>");
    }

    /** Runs one command in psql and returns what it left. */
    public Program.Result psqlOnce(String login, String sql) {
        return psql(login, "-At", "-c", sql).finish();
    }

    /** libpq's connection string without the password. */
    public String conninfo(String user) {
        return "host=%s port=%d dbname=%s user=%s sslmode=prefer".formatted(host(), port(), database(), user);
    }

    public Connection jdbc(String login, Map<String, String> properties) throws SQLException {
        return jdbcWithToken(token(login), properties);
    }

    public Connection jdbcWithToken(String token, Map<String, String> properties) throws SQLException {
        Properties all = new Properties();
        all.putAll(Map.of("user", "alice", "password", token, "sslmode", "prefer"));
        all.putAll(properties);
        return DriverManager.getConnection("jdbc:postgresql://%s:%d/%s".formatted(host(), port(), database()), all);
    }

    public Api api(String login) {
        return new Api(described.get("api").asText(), token(login));
    }

    public Api apiWithToken(String token) {
        return new Api(described.get("api").asText(), token);
    }

    /** Every line of the target's own log: {@code log_statement=all} makes it the witness of what really ran. */
    public String targetLog() {
        try (Stream<Path> files = Files.walk(Path.of(described.get("log").asText()))) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> {
                        try {
                            return Files.readString(file, StandardCharsets.UTF_8);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .collect(Collectors.joining());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Program process() {
        return process;
    }

    /** The power plug. */
    public void kill() {
        process.signal("KILL").await(Await.PATIENCE);
    }

    /** Stops it as ops do, by SIGTERM. */
    @Override
    public void close() {
        if (process.isAlive()) {
            process.signal("TERM").await(Await.PATIENCE);
        }
    }
}
