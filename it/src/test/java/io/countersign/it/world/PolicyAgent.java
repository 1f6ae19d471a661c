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

/**
 * Stands in for Open Policy Agent, which no package registry of ours has: answers its REST data API as its documentation
 * says, by what the statement speaks of. One for all stories, as long as they run.
 */
public final class PolicyAgent {

    private static final String PATH = "/v1/data/countersign/approve";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpServer SERVER = start();

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
        JsonNode input = JSON.readTree(exchange.getRequestBody()).path("input");
        String statement = input.path("statement").asText();
        String result = statement.contains("agreed")
                ? "{\"result\": {\"allow\": true, \"reason\": \"nothing is frozen on "
                        + input.path("target").asText() + "\"}}"
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
