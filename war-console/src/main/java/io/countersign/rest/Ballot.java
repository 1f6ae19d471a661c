package io.countersign.rest;

import io.countersign.approval.Choice;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.stream.JsonParsingException;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;

/** A vote as it comes in: {@code {"decision": "approve", "comment": "..."}}. */
record Ballot(Choice choice, String comment) {

    /** Bytes; the longest comment in the widest encoding fits four times. */
    static final int LONGEST_BODY = 16 * 1024;

    private static final Set<String> MEMBERS = Set.of("decision", "comment");

    /** Strict: a body with a member unknown here may mean something that would be lost. */
    static Ballot read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            throw Problem.of(Response.Status.REQUEST_ENTITY_TOO_LARGE, "A vote has at most " + LONGEST_BODY + " bytes.")
                    .exception();
        }
        JsonObject json = parse(bytes);
        for (String member : json.keySet()) {
            if (!MEMBERS.contains(member)) {
                throw bad("A vote has the members decision and comment, and no others.");
            }
        }
        return new Ballot(choice(text(json, "decision")), json.containsKey("comment") ? text(json, "comment") : "");
    }

    private static JsonObject parse(byte[] bytes) {
        try (JsonReader reader = Json.createReader(new ByteArrayInputStream(bytes))) {
            return reader.readObject();
        } catch (JsonParsingException e) {
            throw bad(
                    "The body is not a JSON object: see line " + e.getLocation().getLineNumber() + ", column "
                            + e.getLocation().getColumnNumber() + ".");
        } catch (JsonException e) {
            throw bad("The body is not a JSON object in UTF-8.");
        }
    }

    private static String text(JsonObject json, String member) {
        if (json.get(member) instanceof JsonString text) {
            return text.getString();
        }
        throw bad("A vote needs " + member + " as a text.");
    }

    private static Choice choice(String word) {
        return switch (word) {
            case "approve" -> Choice.APPROVE;
            case "reject" -> Choice.REJECT;
            default -> throw bad("The decision is approve or reject.");
        };
    }

    private static ProblemException bad(String detail) {
        return Problem.of(Response.Status.BAD_REQUEST, detail).exception();
    }
}
