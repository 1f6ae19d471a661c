package io.countersign.automatic;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.approval.Choice;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;

/**
 * What an automatic approver has said: OPA's answer to a question for a document (REST data API, {@code POST /v1/data}).
 *
 * <p>Yes is a result of {@code true}, or of {@code {"allow": true}} with or without a {@code reason}. Everything else is no,
 * a document that is undefined (an answer without a result) as well.
 *
 * @param reason one sentence for the requester; empty only where it approves
 */
record Answer(Choice choice, String reason) {

    /** Characters that a reason may have. */
    static final int LONGEST_REASON = 1_000;

    private static final Set<String> KNOWN = Set.of("allow", "reason");

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    /** A no because of what happened, and not because anybody said so. */
    static Answer failed(String what) {
        return new Answer(
                Choice.REJECT, what + ", and an automatic approver that gives no clear answer has not approved.");
    }

    static Answer read(int status, byte[] body) {
        if (status != 200) {
            return failed("It answered with HTTP status " + status);
        }
        JsonNode result;
        try {
            result = JSON.readTree(body).path("result");
        } catch (IOException e) {
            return failed("Its answer is no JSON document");
        }
        if (result.isMissingNode()) {
            return failed("Its policy leaves undefined what it is asked for");
        }
        if (result.isBoolean()) {
            return of(result.booleanValue(), "");
        }
        JsonNode allow = result.path("allow");
        JsonNode reason = result.path("reason");
        Set<String> unknown = new TreeSet<>();
        result.fieldNames().forEachRemaining(unknown::add);
        unknown.removeAll(KNOWN);
        if (!allow.isBoolean() || !reason.isMissingNode() && !reason.isTextual() || !unknown.isEmpty()) {
            return failed("Its result is neither true nor false nor {\"allow\": …, \"reason\": …}");
        }
        // What a log, a terminal or the store might take for more than text does not get there (CWE-117).
        String words = reason.asText().replaceAll("\\p{Cc}+", " ").strip();
        if (words.codePointCount(0, words.length()) > LONGEST_REASON) {
            return failed("Its reason has more than " + LONGEST_REASON + " characters");
        }
        return of(allow.booleanValue(), words);
    }

    private static Answer of(boolean allowed, String reason) {
        return allowed
                ? new Answer(Choice.APPROVE, reason)
                : new Answer(Choice.REJECT, reason.isEmpty() ? "It gave no reason." : reason);
    }
}
