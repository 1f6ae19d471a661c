package io.countersign.launcher;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A running gateway's REST interface, asked on behalf of whoever a token stands for. No more of an answer is read than was
 * expected: whoever answers in the gateway's place must not fill this process's memory.
 */
final class GatewayApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final String address;

    /** What it answered: a status of HTTP, and a body that may be no JSON. */
    record Answer(int status, String body) {

        /** @throws Failure where the body is no JSON */
        JsonNode json() {
            try {
                return JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new Failure("The gateway answered with what is no JSON: " + e.getOriginalMessage(), e);
            }
        }

        /** Why it refused, in its own words (RFC 9457); a proxy's page in its place is not worth reading. */
        String why() {
            String silence = "its answer says nothing of why";
            try {
                return JSON.readTree(body).path("detail").asText(silence);
            } catch (JsonProcessingException e) {
                return silence;
            }
        }
    }

    /** There was more of an answer than was to be read. */
    static final class TooLong extends Failure {

        private static final long serialVersionUID = 1L;

        TooLong(URI asked, int longest) {
            super("What " + asked + " answers is longer than " + longest
                    + " bytes, the most that is read. Is that the gateway's address?");
        }
    }

    /**
     * @param api its address, such as {@code https://gateway.example/api}
     * @throws Failure where what is told there could be overheard
     */
    GatewayApi(String api) {
        try {
            this.address =
                    DeviceLogin.safe(URI.create(api.replaceAll("/+$", ""))).toString();
        } catch (IllegalArgumentException e) {
            throw new Failure(api + " is not an address: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a resource.
     *
     * @param path    below the interface's address, from its slash on
     * @param longest bytes that are read of the answer
     * @throws TooLong where there are more
     * @throws Failure where the gateway cannot be asked
     */
    Answer get(Secret token, String path, int longest) {
        return ask(request(token, path).build(), longest);
    }

    /** The same for what makes something new of a JSON document. */
    Answer post(Secret token, String path, JsonNode document, int longest) {
        return ask(
                request(token, path)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(document.toString()))
                        .build(),
                longest);
    }

    private HttpRequest.Builder request(Secret token, String path) {
        return HttpRequest.newBuilder(URI.create(address + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", BearerHeader.of(token.reveal()));
    }

    private Answer ask(HttpRequest question, int longest) {
        try {
            HttpResponse<InputStream> answer = http.send(question, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] read = body.readNBytes(longest + 1);
                if (read.length > longest) {
                    throw new TooLong(question.uri(), longest);
                }
                return new Answer(answer.statusCode(), new String(read, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new Failure("The gateway at " + question.uri() + " cannot be asked: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while the gateway was asked.", e);
        }
    }
}
