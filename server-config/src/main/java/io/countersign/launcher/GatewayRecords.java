package io.countersign.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.Secret;
import io.countersign.policy.Policy.SourceFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/** What a running gateway's REST interface tells an auditor: the ledger's entries, and the policy's revisions. */
final class GatewayRecords implements Iterable<String> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PAGE = 1_000;
    private static final int PROPOSALS = 100;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String api;
    private final Secret token;

    /** @param api its address, such as {@code https://gateway.example/api} */
    GatewayRecords(String api, Secret token) {
        this.api = api.endsWith("/") ? api.substring(0, api.length() - 1) : api;
        this.token = token;
    }

    /** The files of a revision that was proposed there, by its hash; empty where none was. */
    Optional<List<SourceFile>> revision(String revision) {
        for (int offset = 0; ; offset += PROPOSALS) {
            JsonNode page = get("/policy/proposals?limit=" + PROPOSALS + "&offset=" + offset);
            for (JsonNode proposal : page) {
                if (proposal.path("revision").asText().equals(revision)) {
                    List<SourceFile> files = new ArrayList<>();
                    proposal.path("files")
                            .properties()
                            .forEach(file -> files.add(new SourceFile(
                                    file.getKey(), file.getValue().asText())));
                    return Optional.of(files);
                }
            }
            if (page.size() < PROPOSALS) {
                return Optional.empty();
            }
        }
    }

    /** The ledger's entries from the first on, fetched as they are asked for. */
    @Override
    public Iterator<String> iterator() {
        return new Iterator<>() {
            private long after = -1;
            private Iterator<JsonNode> page = next(after);

            @Override
            public boolean hasNext() {
                return page.hasNext();
            }

            @Override
            public String next() {
                if (!page.hasNext()) {
                    throw new NoSuchElementException("the ledger ends at entry " + after);
                }
                JsonNode entry = page.next();
                after = entry.path("sequence").asLong();
                if (!page.hasNext()) {
                    page = next(after);
                }
                return entry.path("entry").toString();
            }

            private Iterator<JsonNode> next(long from) {
                return get("/records?limit=" + PAGE + "&after=" + from).iterator();
            }
        };
    }

    private JsonNode get(String path) {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(api + path))
                            .timeout(Duration.ofSeconds(60))
                            .header("Authorization", BearerHeader.of(token.reveal()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new Failure("The gateway answered %d to %s: %s. Its ledger is for auditors and administrators."
                        .formatted(answer.statusCode(), path, answer.body()));
            }
            return JSON.readTree(answer.body());
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("The gateway at " + api + " cannot be asked: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while the gateway was asked.");
        }
    }
}
