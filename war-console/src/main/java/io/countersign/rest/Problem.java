package io.countersign.rest;

import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.ws.rs.core.Response;
import java.util.List;

/**
 * What went wrong, as a problem document (RFC 9457 §3.1). Its type is {@code about:blank}: the status says what kind it
 * is, the detail says it to people.
 *
 * @param title   the status's own name
 * @param detail one or two sentences: what happened, why, what to do
 * @param reasons every reason where a decision gave some; an extension member (§3.2)
 */
public record Problem(int status, String title, String detail, List<String> reasons) {

    /** RFC 9457 §6.1. */
    public static final String MEDIA_TYPE = "application/problem+json";

    public Problem {
        reasons = List.copyOf(reasons);
    }

    public static Problem of(Response.Status status, String detail) {
        return new Problem(status.getStatusCode(), status.getReasonPhrase(), detail, List.of());
    }

    /** RFC 9110 §15.5.21, which Jakarta REST has no name for. */
    public static Problem unprocessable(String detail) {
        return new Problem(422, "Unprocessable Content", detail, List.of());
    }

    public Problem because(List<String> reasons) {
        return new Problem(status, title, detail, reasons);
    }

    /** To be thrown where it is found; {@link Problems} answers with it. */
    public ProblemException exception() {
        return new ProblemException(this);
    }

    public JsonObject json() {
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("type", "about:blank")
                .add("title", title)
                .add("status", status)
                .add("detail", detail);
        if (!reasons.isEmpty()) {
            JsonArrayBuilder array = Json.createArrayBuilder();
            reasons.forEach(array::add);
            json.add("reasons", array);
        }
        return json.build();
    }

    public Response.ResponseBuilder response() {
        // As text: a caller that accepts only something else still learns what is wrong.
        return Response.status(status)
                .type(MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .entity(json().toString());
    }
}
