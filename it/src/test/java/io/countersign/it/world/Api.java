package io.countersign.it.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The REST interface as a script uses it: a bearer token and JSON. */
public record Api(String address, String token) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    /** An answer: status, media type and body. */
    public record Reply(int status, String type, String text) {
        public JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + text, e);
            }
        }
    }

    public Reply get(String path) {
        return send(HttpRequest.newBuilder(at(path)).GET());
    }

    public Reply post(String path, String body) {
        return send(HttpRequest.newBuilder(at(path))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    public Reply vote(long request, String decision, String comment) {
        try {
            return post(
                    "/requests/" + request + "/votes",
                    JSON.writeValueAsString(Map.of("decision", decision, "comment", comment)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Reply withdrawVote(long request) {
        return send(
                HttpRequest.newBuilder(at("/requests/" + request + "/votes")).DELETE());
    }

    public Reply giveUp(long request) {
        return send(HttpRequest.newBuilder(at("/requests/" + request)).DELETE());
    }

    public Reply delete(String path) {
        return send(HttpRequest.newBuilder(at(path)).DELETE());
    }

    public JsonNode request(long id) {
        Reply reply = get("/requests/" + id);
        if (reply.status() != 200) {
            throw new AssertionError("request " + id + ": " + reply);
        }
        return reply.json();
    }

    /** Waits until a pending request with this statement is in the queue. */
    public long awaitPending(String statement) {
        return Await.some("a pending request for " + statement, () -> {
            for (JsonNode each : list(get("/requests?state=pending"))) {
                if (each.get("statement").asText().equals(statement)) {
                    return Optional.of(each.get("id").asLong());
                }
            }
            return Optional.empty();
        });
    }

    public void awaitState(long request, String state) {
        Await.until(
                "request " + request + " to be " + state,
                () -> request(request).get("state").asText().equalsIgnoreCase(state));
    }

    /** The whole ledger, entry by entry in its order. */
    public List<JsonNode> records() {
        List<JsonNode> all = new ArrayList<>();
        while (true) {
            Reply page = get("/records?limit=1000&after=" + (all.size() - 1));
            if (page.status() != 200) {
                throw new AssertionError("the ledger answered " + page);
            }
            if (page.json().isEmpty()) {
                return all;
            }
            page.json().forEach(all::add);
        }
    }

    /** Waits until the ledger says of some session that it ended for this reason: the client was told before. */
    public void awaitSessionEnd(String reason) {
        Await.until(
                "a session to end because " + reason,
                () -> records().stream()
                        .map(each -> each.get("entry"))
                        .anyMatch(entry -> entry.get("type").asText().equals("session-closed")
                                && entry.get("reason").asText().contains(reason)));
    }

    /** What the ledger says of one request, by type, in its order. */
    public List<String> recordsOf(long request) {
        return records().stream()
                .map(each -> each.get("entry"))
                .filter(entry -> entry.path("request").asLong(-1) == request)
                .map(entry -> entry.get("type").asText())
                .toList();
    }

    private static JsonNode list(Reply reply) {
        if (reply.status() != 200) {
            throw new AssertionError("the queue answered " + reply);
        }
        return reply.json();
    }

    private URI at(String path) {
        return URI.create(address + path);
    }

    private Reply send(HttpRequest.Builder request) {
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response =
                    HTTP.send(request.timeout(Duration.ofSeconds(30)).build(), BodyHandlers.ofString());
            return new Reply(
                    response.statusCode(),
                    response.headers().firstValue("Content-Type").orElse(""),
                    response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
