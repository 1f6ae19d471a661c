package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.countersign.api.Secret;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhatAGatewayAnswersIsReadUpToALimitTest {

    private static final Secret TOKEN = Secret.of("token");
    private static final Pattern LIMIT = Pattern.compile("limit=(\\d+)");
    private static final Pattern AFTER = Pattern.compile("after=(-?\\d+)");
    private static final int ENTRIES = 10;

    private HttpServer server;
    private GatewayApi gateway;

    @BeforeEach
    void listens() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        gateway = new GatewayApi("http://127.0.0.1:" + server.getAddress().getPort() + "/api");
    }

    @AfterEach
    void stops() {
        server.stop(0);
    }

    @Test
    void asksForNoTicketOfWhoeverNeverStopsTalking() {
        server.createContext("/", WhatAGatewayAnswersIsReadUpToALimitTest::answerForEver);

        assertThatThrownBy(() -> new GatewayTickets(gateway).issue(TOKEN, "shop", Optional.empty(), Optional.empty()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("/api/tickets answers is longer than 65536 bytes")
                .hasMessageContaining("Is that the gateway's address?");
    }

    @Test
    void asksForFewerEntriesWhereManyAreTooLongTogether() {
        server.createContext("/api/records", WhatAGatewayAnswersIsReadUpToALimitTest::answerWithEntries);

        assertThat(new GatewayRecords(gateway, TOKEN, 150)).hasSize(ENTRIES);
    }

    @Test
    void givesUpOnASingleEntryThatIsTooLong() {
        server.createContext("/api/records", WhatAGatewayAnswersIsReadUpToALimitTest::answerWithEntries);

        assertThatThrownBy(() -> new GatewayRecords(gateway, TOKEN, 20).iterator())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("limit=1 answers is longer than 20 bytes");
    }

    @Test
    void repeatsNothingOfARefusalThatIsNoDocument() {
        server.createContext("/", exchange -> answer(exchange, 502, "<html>proxy</html>"));

        assertThatThrownBy(() -> new GatewayRecords(gateway, TOKEN).iterator())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("answered 502")
                .hasMessageContaining("says nothing of why")
                .hasMessageNotContaining("proxy");
    }

    @Test
    void saysWhatAnAnswerLacksThatIsNoJson() {
        server.createContext("/", exchange -> answer(exchange, 200, "<html>another page</html>"));

        assertThatThrownBy(() -> new GatewayRecords(gateway, TOKEN).iterator())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no JSON");
    }

    @Test
    void tellsNothingInClearToAnotherMachine() {
        assertThatThrownBy(() -> new GatewayApi("http://countersign.example.com/api"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("not an address of https");
    }

    private static void answerForEver(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(201, 0);
        byte[] some = new byte[8192];
        try (OutputStream out = exchange.getResponseBody()) {
            while (true) {
                out.write(some);
            }
        }
    }

    private static void answerWithEntries(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        int from = number(AFTER, query) + 1;
        StringBuilder entries = new StringBuilder("[");
        for (int i = from; i < Math.min(ENTRIES, from + number(LIMIT, query)); i++) {
            entries.append(i == from ? "" : ",").append("{\"sequence\":%d,\"entry\":{\"type\":\"any\"}}".formatted(i));
        }
        answer(exchange, 200, entries.append("]").toString());
    }

    private static int number(Pattern pattern, String query) {
        Matcher found = pattern.matcher(query);
        assertThat(found.find()).isTrue();
        return Integer.parseInt(found.group(1));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
