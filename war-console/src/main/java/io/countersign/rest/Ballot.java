package io.countersign.rest;

import io.countersign.approval.Choice;
import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** A vote as it comes in: {@code {"decision": "approve", "comment": "..."}}. */
record Ballot(Choice choice, String comment) {

    /** Bytes; the longest comment in the widest encoding fits four times. */
    static final int LONGEST_BODY = 16 * 1024;

    private static final Set<String> MEMBERS = Set.of("decision", "comment");

    /**
     * Strict, because two readers of one vote must not read it differently: one object, each member once and a text, and
     * no member that is unknown here.
     */
    static Ballot read(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            throw Problem.of(Response.Status.REQUEST_ENTITY_TOO_LARGE, "A vote has at most " + LONGEST_BODY + " bytes.")
                    .exception();
        }
        Map<String, String> members = parse(bytes);
        return new Ballot(choice(members.getOrDefault("decision", "")), members.getOrDefault("comment", ""));
    }

    private static Map<String, String> parse(byte[] bytes) {
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(bytes))) {
            Map<String, String> members = new HashMap<>();
            expect(parser.next() == Event.START_OBJECT, "The body is a JSON object.");
            while (parser.next() == Event.KEY_NAME) {
                String member = parser.getString();
                expect(MEMBERS.contains(member), "A vote has the members decision and comment, and no others.");
                expect(parser.next() == Event.VALUE_STRING, "The member " + member + " is a text.");
                expect(members.put(member, parser.getString()) == null, "The member " + member + " is there twice.");
            }
            expect(!parser.hasNext(), "Nothing follows the JSON object.");
            return members;
        } catch (JsonException | NoSuchElementException notJson) {
            throw bad("The body is not a JSON object in UTF-8.");
        }
    }

    private static Choice choice(String word) {
        return switch (word) {
            case "approve" -> Choice.APPROVE;
            case "reject" -> Choice.REJECT;
            default -> throw bad("The decision is approve or reject.");
        };
    }

    private static void expect(boolean met, String rule) {
        if (!met) {
            throw bad(rule);
        }
    }

    private static ProblemException bad(String detail) {
        return Problem.of(Response.Status.BAD_REQUEST, detail).exception();
    }
}
