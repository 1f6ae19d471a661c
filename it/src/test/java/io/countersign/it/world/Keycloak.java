package io.countersign.it.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real identity provider on loopback, with the realm of {@code keycloak/realm.json}: paula in support, ben in approvers,
 * olga in auditors; people's passwords and clients' secrets are their names with {@code -in-keycloak}.
 */
public final class Keycloak implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** The client with which people get tokens in a terminal. */
    public static final String TERMINAL = "terminal";

    /** The same, but its tokens are bound to a key (RFC 9449). */
    public static final String BOUND_TERMINAL = "bound-terminal";

    /** A client that acts for nobody but itself. */
    public static final String NIGHT_AGENT = "night-agent";

    /** A client that acts for whoever gave it a token. */
    public static final String DEPLOY_AGENT = "deploy-agent";

    private final Program process;
    private final String address;

    private Keycloak(Program process, String address) {
        this.process = process;
        this.address = address;
    }

    /** What a device shows its user (RFC 8628 §3.2). */
    public record Device(String code, String page) {}

    /** Starts it; {@link #ready} waits until it answers, so that other things may start meanwhile. */
    public static Keycloak start() {
        Path home = home();
        int port = freePort();
        String address = "http://127.0.0.1:" + port;
        try (InputStream realm = Keycloak.class.getResourceAsStream("/io/countersign/it/keycloak/realm.json")) {
            Files.createDirectories(home.resolve("data/import"));
            Files.copy(realm, home.resolve("data/import/realm.json"), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> command = List.of(
                "bash",
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--db=dev-mem",
                "--cache=local",
                "--import-realm",
                "--http-host=127.0.0.1",
                "--http-port=" + port,
                "--http-management-port=" + freePort(),
                "--hostname=" + address);
        Map<String, String> environment = Map.of(
                "JAVA_HOME", System.getProperty("java.home"),
                // It lives for a minute: what the second compiler would gain is less than it costs.
                "JAVA_OPTS_APPEND", "-XX:TieredStopAtLevel=1",
                "JAVA_OPTS_KC_HEAP", "-Xms128m -Xmx512m");
        return new Keycloak(Program.start(command, environment), address);
    }

    public Keycloak ready() {
        Await.until("Keycloak to answer", Duration.ofMinutes(3), () -> {
            if (!process.isAlive()) {
                throw new AssertionError("Keycloak ended at once: " + process.out() + process.err());
            }
            try {
                return get(issuer()).statusCode() == 200;
            } catch (ConnectException e) {
                return false;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return this;
    }

    public String issuer() {
        return address + "/realms/countersign";
    }

    public static String password(String login) {
        return login + "-in-keycloak";
    }

    /** By the resource owner's password (RFC 6749 §4.3). */
    public String byPassword(String login) {
        return token(Map.of(
                "grant_type", "password", "client_id", TERMINAL, "username", login, "password", password(login)));
    }

    /** The client's own (RFC 6749 §4.4). */
    public String ofItself(String client) {
        return token(Map.of(
                "grant_type", "client_credentials", "client_id", client, "client_secret", client + "-in-keycloak"));
    }

    /** What a client gets for a token that somebody gave it, to act for them (RFC 8693 §2.1). */
    public String exchanged(String token, String client) {
        return token(Map.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "client_id",
                client,
                "client_secret",
                client + "-in-keycloak",
                "subject_token",
                token,
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:access_token"));
    }

    public Device device() {
        JsonNode answer = post("/auth/device", Map.of("client_id", TERMINAL, "scope", "openid"));
        return new Device(
                answer.get("device_code").asText(),
                answer.get("verification_uri_complete").asText());
    }

    /** The device's token, once its user has agreed; empty before (RFC 8628 §3.5). */
    public Optional<String> agreed(Device device) {
        JsonNode answer = post(
                "/token",
                Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:device_code",
                        "client_id",
                        TERMINAL,
                        "device_code",
                        device.code()));
        return Optional.ofNullable(answer.get("access_token")).map(JsonNode::asText);
    }

    private String token(Map<String, String> parameters) {
        JsonNode answer = post("/token", parameters);
        if (!answer.has("access_token")) {
            throw new AssertionError("Keycloak gave no token: " + answer);
        }
        return answer.get("access_token").asText();
    }

    private JsonNode post(String path, Map<String, String> parameters) {
        String form = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(issuer() + "/protocol/openid-connect" + path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form))
                    .build();
            return JSON.readTree(send(request).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> get(String address) throws IOException {
        return send(HttpRequest.newBuilder(URI.create(address)).build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Where Maven has unpacked it. */
    private static Path home() {
        Path folder = Path.of(System.getProperty("countersign.keycloak", "target/keycloak"));
        try (Stream<Path> versions = Files.list(folder)) {
            return versions.filter(each -> Files.exists(each.resolve("bin/kc.sh")))
                    .findFirst()
                    .map(Path::toAbsolutePath)
                    .orElseThrow(() -> new IllegalStateException("there is no Keycloak in " + folder));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.signal("TERM").await(Await.PATIENCE);
        }
    }
}
