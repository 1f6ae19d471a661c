package io.countersign.it.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands in for Open Policy Agent, which no package registry of ours has: answers its REST data API as its documentation
 * says, by what the statement speaks of. One for all stories, as long as they run.
 *
 * <p>About a statement that says {@code one of 40} it answers once it has been asked about so many, and then about all.
 */
public final class PolicyAgent {

    private static final String PATH = "/v1/data/countersign/approve";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ONE_OF_MANY = Pattern.compile("one of (\\d+)");
    private static final HttpServer SERVER = start();

    /** Those that wait until enough have come; the server calls one at a time. */
    private static final List<Question> GATHERED = new ArrayList<>();

    private record Question(HttpExchange exchange, JsonNode input) {

        String statement() {
            return input.path("statement").asText();
        }
    }

    private PolicyAgent() {}

    /** Of the document that decides: undefined, but for statements that speak of {@code agreed} or {@code frozen}. */
    public static String address() {
        return "http://127.0.0.1:" + SERVER.getAddress().getPort() + PATH;
    }

    private static HttpServer start() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext(PATH, PolicyAgent::answer);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        Question question =
                new Question(exchange, JSON.readTree(exchange.getRequestBody()).path("input"));
        Matcher many = ONE_OF_MANY.matcher(question.statement());
        if (!many.find()) {
            answer(question);
            return;
        }
        GATHERED.add(question);
        if (GATHERED.size() >= Integer.parseInt(many.group(1))) {
            List<Question> all = List.copyOf(GATHERED);
            GATHERED.clear();
            for (Question each : all) {
                answer(each);
            }
        }
    }

    private static void answer(Question question) throws IOException {
        String statement = question.statement();
        HttpExchange exchange = question.exchange();
        String result = statement.contains("agreed")
                ? "{\"result\": {\"allow\": true, \"reason\": \"nothing is frozen on "
                        + question.input().path("target").asText() + "\"}}"
                : statement.contains("frozen")
                        ? "{\"result\": {\"allow\": false, \"reason\": \"frozen until Monday\"}}"
                        : "{}";
        byte[] bytes = result.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
