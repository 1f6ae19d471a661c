package io.countersign.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.api.Secret;
import java.time.Duration;
import java.util.Optional;

/** Asks a running gateway's REST interface for tickets. */
final class GatewayTickets {

    /** Bytes of an answer: a ticket and its times are far shorter. */
    private static final int LONGEST = 64 << 10;

    private final GatewayApi gateway;

    GatewayTickets(GatewayApi gateway) {
        this.gateway = gateway;
    }

    /**
     * @param lasts as ISO 8601 has it; as long as the policy allows where it is empty
     * @throws Failure where there is no ticket, saying why
     */
    String issue(Secret token, String target, Optional<String> lasts, Optional<String> reason) {
        ObjectNode question = JsonNodeFactory.instance.objectNode().put("target", target);
        lasts.ifPresent(time -> question.put("ttl", time));
        reason.ifPresent(text -> question.put("reason", text));
        GatewayApi.Answer answer = gateway.post(token, "/tickets", question, LONGEST);
        if (answer.status() != 201) {
            throw new Failure("The gateway makes no ticket (%d): %s".formatted(answer.status(), answer.why()));
        }
        JsonNode secret = answer.json().path("secret");
        if (!secret.isTextual()) {
            throw new Failure("The gateway says that it made a ticket, and its answer has none.");
        }
        return secret.asText();
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
