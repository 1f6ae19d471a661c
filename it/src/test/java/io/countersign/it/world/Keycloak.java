package io.countersign.it.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.oauth2.sdk.dpop.DPoPProofFactory;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A real identity provider on loopback, with the realm of {@code keycloak/realm.json}: paula in support, ben in approvers,
 * mia in both, olga in auditors; people's passwords and clients' secrets are their names with {@code -in-keycloak}.
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
    private final KeyFile console;

    private Keycloak(Program process, String address, KeyFile console) {
        this.process = process;
        this.address = address;
        this.console = console;
    }

    /** Starts it; {@link #ready} waits until it answers, so that other things may start meanwhile. */
    public static Keycloak start() {
        Path home = home();
        int port = freePort();
        // By name, which the console is not: browsers take the two for different sites, as they are elsewhere.
        String address = "http://localhost:" + port;
        KeyFile console = KeyFile.make(Demo.freshFolder("saml"), "console");
        try (InputStream realm = Keycloak.class.getResourceAsStream("/io/countersign/it/keycloak/realm.json")) {
            Files.createDirectories(home.resolve("data/import"));
            Files.writeString(
                    home.resolve("data/import/realm.json"),
                    new String(realm.readAllBytes(), StandardCharsets.UTF_8)
                            .replace("@CONSOLE_CERTIFICATE@", console.certificate()));
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
        return new Keycloak(Program.start(command, environment), address, console);
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

    /** Where it describes itself as a SAML provider. */
    public String samlMetadata() {
        return issuer() + "/protocol/saml/descriptor";
    }

    /** The key of the console towards it, of which it knows the certificate. */
    public KeyFile consoleKey() {
        return console;
    }

    public static String password(String login) {
        return login + "-in-keycloak";
    }

    /** By the resource owner's password (RFC 6749 §4.3). */
    public String byPassword(String login) {
        return token(Map.of(
                "grant_type", "password", "client_id", TERMINAL, "username", login, "password", password(login)));
    }

    /** The same, but bound to the key that made this proof (RFC 9449 §5). */
    public String byPassword(String login, DPoPProofFactory key) {
        try {
            URI endpoint = URI.create(issuer() + "/protocol/openid-connect/token");
            return token(
                    Map.of(
                            "grant_type",
                            "password",
                            "client_id",
                            BOUND_TERMINAL,
                            "username",
                            login,
                            "password",
                            password(login)),
                    "DPoP",
                    key.createDPoPJWT("POST", endpoint).serialize());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
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

    private String token(Map<String, String> parameters, String... headers) {
        JsonNode answer = post("/token", parameters, headers);
        if (!answer.has("access_token")) {
            throw new AssertionError("Keycloak gave no token: " + answer);
        }
        return answer.get("access_token").asText();
    }

    private JsonNode post(String path, Map<String, String> parameters, String... headers) {
        String form = new TreeMap<>(parameters)
                .entrySet().stream()
                        .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create(issuer() + "/protocol/openid-connect" + path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form));
            for (int i = 0; i < headers.length; i += 2) {
                request.header(headers[i], headers[i + 1]);
            }
            return JSON.readTree(send(request.build()).body());
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
