package io.countersign.rest;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.stream.JsonParser;
import jakarta.json.stream.JsonParser.Event;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/** Bodies that are one JSON object of texts (RFC 8259). */
final class Texts {

    private Texts() {}

    /**
     * Strict, because two readers of one body must not read it differently: one object, each member once and a text, and no
     * member that is unknown here.
     *
     * @param what    what the body is, with its article: the subject of sentences
     * @param members the names that it may have
     * @param longest bytes that it may have
     */
    static Map<String, String> read(InputStream body, String what, List<String> members, int longest)
            throws IOException {
        byte[] bytes = body.readNBytes(longest + 1);
        if (bytes.length > longest) {
            throw Problem.of(Response.Status.REQUEST_ENTITY_TOO_LARGE, what + " has at most " + longest + " bytes.")
                    .exception();
        }
        try (JsonParser parser = Json.createParser(new ByteArrayInputStream(bytes))) {
            Map<String, String> read = new HashMap<>();
            expect(parser.next() == Event.START_OBJECT, "The body is a JSON object.");
            while (parser.next() == Event.KEY_NAME) {
                String member = parser.getString();
                expect(
                        members.contains(member),
                        what + " has the members " + String.join(", ", members) + ", and no others.");
                expect(parser.next() == Event.VALUE_STRING, "The member " + member + " is a text.");
                expect(
                        read.put(member, stored(member, parser.getString())) == null,
                        "The member " + member + " is there twice.");
            }
            expect(!parser.hasNext(), "Nothing follows the JSON object.");
            return read;
        } catch (JsonException | NoSuchElementException notJson) {
            throw bad("The body is not a JSON object in UTF-8.");
        }
    }

    /** The text itself, if every store takes it: PostgreSQL has no U+0000 (8.3), and half a surrogate pair has no UTF-8. */
    static String stored(String member, String text) {
        expect(
                text.indexOf('\0') < 0 && StandardCharsets.UTF_8.newEncoder().canEncode(text),
                "The member " + member + " has U+0000 or half a surrogate pair in it.");
        return text;
    }

    private static void expect(boolean met, String rule) {
        if (!met) {
            throw bad(rule);
        }
    }

    static ProblemException bad(String detail) {
        return Problem.of(Response.Status.BAD_REQUEST, detail).exception();
    }
}
