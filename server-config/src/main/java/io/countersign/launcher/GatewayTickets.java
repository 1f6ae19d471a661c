package io.countersign.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** Asks a running gateway's REST interface for tickets. */
final class GatewayTickets {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final URI tickets;

    /**
     * @param api its address, such as {@code https://gateway.example/api}
     * @throws Failure where what is told there could be overheard
     */
    GatewayTickets(String api) {
        try {
            this.tickets = DeviceLogin.safe(URI.create(api.replaceAll("/+$", "") + "/tickets"));
        } catch (IllegalArgumentException e) {
            throw new Failure(api + " is not an address: " + e.getMessage(), e);
        }
    }

    /**
     * @param lasts as ISO 8601 has it; as long as the policy allows where it is empty
     * @throws Failure where there is no ticket, saying why
     */
    String issue(String token, String target, Optional<String> lasts, Optional<String> reason) {
        ObjectNode question = JSON.createObjectNode().put("target", target);
        lasts.ifPresent(time -> question.put("ttl", time));
        reason.ifPresent(text -> question.put("reason", text));
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(tickets)
                            .timeout(Duration.ofSeconds(60))
                            .header("Authorization", BearerHeader.of(token))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(question.toString()))
                            .build(),
                    BodyHandlers.ofString());
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() != 201 || !body.path("secret").isTextual()) {
                throw new Failure("The gateway makes no ticket (%d): %s"
                        .formatted(answer.statusCode(), body.path("detail").asText("its answer says nothing of why")));
            }
            return body.path("secret").asText();
        } catch (IOException | IllegalArgumentException e) {
            throw new Failure("The gateway at " + tickets + " cannot be asked: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while the gateway was asked.", e);
        }
    }

    /** {@code 90s}, {@code 15m}, {@code 2h}, {@code 1d} in ISO 8601, as policies write times. */
    static String duration(String text) {
        if (!text.matches("\\d{1,6}[smhd]")) {
            throw new Failure("'" + text + "' is not a time such as 90s, 15m, 2h or 1d.");
        }
        long count = Long.parseLong(text.substring(0, text.length() - 1));
        Duration time = switch (text.charAt(text.length() - 1)) {
            case 's' -> Duration.ofSeconds(count);
            case 'm' -> Duration.ofMinutes(count);
            case 'h' -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return time.toString();
    }
}
