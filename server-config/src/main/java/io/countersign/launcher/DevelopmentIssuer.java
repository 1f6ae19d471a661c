package io.countersign.launcher;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An OpenID provider for the demo and for tests, and for nothing else: discovery (OpenID Connect Discovery 1.0 §4), keys,
 * and the password grant (RFC 6749 §4.3) for the demo's logins, with {@code actor} naming agents. Loopback only.
 */
final class DevelopmentIssuer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger(DevelopmentIssuer.class.getName());
    private static final JsonMapper JSON = new JsonMapper();

    /** Bytes of a token request; an honest one has a few hundred. */
    private static final int LONGEST_REQUEST = 16 * 1024;

    private final HttpServer server;
    private final ExecutorService threads;
    private final SigningKey key;
    private final Secrets secrets;
    private final String address;
    private final Clock clock;

    private DevelopmentIssuer(
            HttpServer server, ExecutorService threads, SigningKey key, Secrets secrets, Clock clock) {
        this.server = server;
        this.threads = threads;
        this.key = key;
        this.secrets = secrets;
        this.address = address(server.getAddress().getPort());
        this.clock = clock;
    }

    /** Serves until closed. */
    static DevelopmentIssuer start(int port, SigningKey key, Secrets secrets, Clock clock) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
            DevelopmentIssuer issuer = new DevelopmentIssuer(server, threads, key, secrets, clock);
            server.setExecutor(threads);
            server.createContext("/.well-known/openid-configuration", only("GET", issuer::configuration));
            server.createContext("/jwks", only("GET", exchange -> answer(exchange, 200, key.publicKeys())));
            server.createContext("/token", only("POST", issuer::token));
            server.start();
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The built-in development issuer {0} signs a token for whoever knows a demo password. It serves the demo and"
                            + " tests only: name your own issuers in the policy folder.",
                    issuer.address);
            return issuer;
        } catch (IOException e) {
            throw new UncheckedIOException("The development issuer cannot listen on port " + port, e);
        }
    }

    /** The {@code iss} of tokens signed for an issuer on that port. */
    static String address(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }

    private void configuration(HttpExchange exchange) throws IOException {
        ObjectNode said = JsonNodeFactory.instance
                .objectNode()
                .put("issuer", address)
                .put("jwks_uri", address + "/jwks")
                .put("token_endpoint", address + "/token");
        said.putArray("grant_types_supported").add("password");
        said.putArray("response_types_supported");
        said.putArray("subject_types_supported").add("public");
        said.putArray("id_token_signing_alg_values_supported").add("ES256");
        answer(exchange, 200, said);
    }

    private void token(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_REQUEST + 1);
        if (body.length > LONGEST_REQUEST) {
            refuse(exchange, 413, "invalid_request", "A token request has at most " + LONGEST_REQUEST + " bytes.");
            return;
        }
        Map<String, List<String>> form;
        try {
            form = form(new String(body, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException malformed) {
            refuse(exchange, 400, "invalid_request", "The form is not percent-encoded as it should be.");
            return;
        }
        if (!"password".equals(first(form, "grant_type"))) {
            refuse(exchange, 400, "unsupported_grant_type", "This issuer knows grant_type=password only.");
            return;
        }
        String name = first(form, "username");
        boolean known = DemoLogin.ALL.stream().anyMatch(login -> login.name().equals(name));
        if (!known || !same(DemoLogin.named(name).password(secrets), first(form, "password"))) {
            refuse(exchange, 400, "invalid_grant", "No demo login has this name and password.");
            return;
        }
        ObjectNode claims = TokenClaims.of(
                DemoLogin.named(name),
                form.getOrDefault("actor", List.of()),
                address,
                clock.instant(),
                TokenClaims.DEFAULT_LIFETIME);
        answer(
                exchange,
                200,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("access_token", key.sign(claims))
                        .put("token_type", "Bearer")
                        .put("expires_in", TokenClaims.DEFAULT_LIFETIME.toSeconds()));
    }

    private static HttpHandler only(String method, HttpHandler handler) {
        return exchange -> {
            try (exchange) {
                if (exchange.getRequestMethod().equals(method)) {
                    handler.handle(exchange);
                } else {
                    exchange.getResponseHeaders().set("Allow", method);
                    refuse(exchange, 405, "invalid_request", "Use " + method + ".");
                }
            }
        };
    }

    /** RFC 6749 §5.2. */
    private static void refuse(HttpExchange exchange, int status, String error, String description) throws IOException {
        answer(
                exchange,
                status,
                JsonNodeFactory.instance.objectNode().put("error", error).put("error_description", description));
    }

    private static void answer(HttpExchange exchange, int status, ObjectNode json) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(json);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Map<String, List<String>> form(String body) {
        Map<String, List<String>> form = new TreeMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
                        .add(decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part, StandardCharsets.UTF_8);
    }

    private static String first(Map<String, List<String>> form, String name) {
        return form.getOrDefault(name, List.of("")).getFirst();
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
