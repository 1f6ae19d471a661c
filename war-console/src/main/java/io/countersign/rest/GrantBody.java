package io.countersign.rest;

import io.countersign.api.DelegationChain;
import io.countersign.grant.boundary.GrantResult;
import io.countersign.grant.boundary.GrantView;
import io.countersign.grant.boundary.Grants;
import jakarta.json.JsonObject;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What asks for a duty for a time, as it comes in, and how that is answered. */
final class GrantBody {

    private static final int LONGEST_BODY = 16 * 1024;

    private GrantBody() {}

    /** @param members which of target, duty, reason, duration, session there may be; the first three must */
    static Grants.Question read(InputStream body, DelegationChain caller, String what, List<String> members)
            throws IOException {
        Map<String, String> read = Texts.read(body, what, members, LONGEST_BODY);
        return new Grants.Question(
                caller,
                required(read, "target"),
                required(read, "duty"),
                required(read, "reason"),
                Optional.ofNullable(read.get("duration")).map(GrantBody::duration),
                Optional.ofNullable(read.get("session")));
    }

    static Response created(GrantResult result, String refusal) {
        JsonObject document = answer(result, refusal, "");
        return Response.created(URI.create("grants/" + document.getJsonNumber("id")))
                .entity(document)
                .build();
    }

    static JsonObject answer(GrantResult result, String refusal, String absent) {
        return switch (result) {
            case GrantResult.Done(GrantView grant) -> Documents.grant(grant);
            case GrantResult.Refused(List<String> reasons) ->
                throw Problem.of(Response.Status.FORBIDDEN, refusal + String.join(" ", reasons))
                        .because(reasons)
                        .exception();
            case GrantResult.Wrong(String reason) ->
                throw Problem.unprocessable(reason).exception();
            case GrantResult.NotFound() ->
                throw Problem.of(Response.Status.NOT_FOUND, absent).exception();
        };
    }

    private static String required(Map<String, String> members, String name) {
        String value = members.get(name);
        if (value == null) {
            throw Texts.bad("The member " + name + " is missing.");
        }
        return value;
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException notADuration) {
            throw Texts.bad("The duration is ISO 8601, such as PT30M or PT2H.");
        }
    }
}
