package io.countersign.it.world;

import com.sun.net.httpserver.BasicAuthenticator;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Git's own server (git-http-backend, as CGI by RFC 3875) for one repository, to whoever knows user and password. */
public final class GitServer implements AutoCloseable {

    public static final String CREDENTIAL = "gateway:only-to-read";

    private final HttpServer server;
    private final Path repository;

    private GitServer(HttpServer server, Path repository) {
        this.server = server;
        this.repository = repository;
    }

    public static GitServer of(GitRepository repository) {
        try {
            HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            GitServer server = new GitServer(http, repository.served());
            http.createContext("/", server::answer).setAuthenticator(new BasicAuthenticator("policies") {
                @Override
                public boolean checkCredentials(String user, String password) {
                    return CREDENTIAL.equals(user + ":" + password);
                }
            });
            http.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/policy.git";
    }

    private void answer(HttpExchange exchange) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Debian.program("/usr/lib/git-core/git-http-backend", "git").toString());
        Map<String, String> cgi = builder.environment();
        cgi.put("GIT_HTTP_EXPORT_ALL", "1");
        cgi.put("GIT_CONFIG_NOSYSTEM", "1");
        cgi.put("PATH_TRANSLATED", exchange.getRequestURI().getPath().replace("/policy.git", repository.toString()));
        cgi.put("PATH_INFO", exchange.getRequestURI().getPath());
        cgi.put(
                "QUERY_STRING",
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
        cgi.put("REQUEST_METHOD", exchange.getRequestMethod());
        for (String header : new String[] {"Content-Type", "Content-Encoding", "Git-Protocol"}) {
            Optional.ofNullable(exchange.getRequestHeaders().getFirst(header)).ifPresent(value -> {
                String name = header.replace('-', '_').toUpperCase(java.util.Locale.ROOT);
                cgi.put(header.equals("Content-Type") ? name : "HTTP_" + name, value);
            });
        }
        byte[] body = exchange.getRequestBody().readAllBytes();
        cgi.put("CONTENT_LENGTH", Integer.toString(body.length));
        Process git = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var in = git.getOutputStream()) {
            in.write(body);
        }
        send(exchange, git.getInputStream());
    }

    private static void send(HttpExchange exchange, InputStream answer) throws IOException {
        int status = 200;
        for (String line = line(answer); !line.isEmpty(); line = line(answer)) {
            String name = line.substring(0, line.indexOf(':'));
            String value = line.substring(line.indexOf(':') + 1).strip();
            if (name.equals("Status")) {
                status = Integer.parseInt(value.substring(0, 3));
            } else {
                exchange.getResponseHeaders().add(name, value);
            }
        }
        byte[] content = answer.readAllBytes();
        exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
        exchange.getResponseBody().write(content);
        exchange.close();
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.write(next);
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
