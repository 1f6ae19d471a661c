package io.countersign.rest;

import io.countersign.api.DelegationChain;
import io.countersign.plan.OpenParameter;
import io.countersign.plan.boundary.Plans;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonConfig;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A plan as it comes in: {@code {"target": "shop", "reason": "...", "commands": [{"statement": "...", "parameters":
 * [{"type": "integer", "min": 1, "max": 100}]}]}}.
 */
final class PlanBody {

    static final int LONGEST_BODY = 512 * 1024;

    /** Strict, because two readers of one body must not read it differently: no member twice. */
    private static final JsonReaderFactory READERS =
            Json.createReaderFactory(Map.of(JsonConfig.KEY_STRATEGY, JsonConfig.KeyStrategy.NONE));

    private PlanBody() {}

    static Plans.Question read(InputStream body, DelegationChain planner) throws IOException {
        JsonObject plan = only(parsed(body), "A plan", "target", "reason", "settings", "commands");
        return new Plans.Question(
                planner,
                text(plan, "target"),
                text(plan, "reason"),
                settings(plan),
                array(plan, "commands").stream().map(PlanBody::command).toList());
    }

    private static JsonObject parsed(InputStream body) throws IOException {
        byte[] bytes = body.readNBytes(LONGEST_BODY + 1);
        if (bytes.length > LONGEST_BODY) {
            throw Problem.of(Response.Status.REQUEST_ENTITY_TOO_LARGE, "A plan has at most " + LONGEST_BODY + " bytes.")
                    .exception();
        }
        try (JsonReader reader = READERS.createReader(new ByteArrayInputStream(bytes))) {
            return reader.readObject();
        } catch (JsonException notJson) {
            throw Texts.bad("The body is not a JSON object in UTF-8 with each member once.");
        }
    }

    private static Map<String, String> settings(JsonObject plan) {
        return switch (plan.get("settings")) {
            case null -> Map.of();
            case JsonObject settings ->
                settings.entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, each -> text(each.getValue(), each.getKey())));
            default -> throw Texts.bad("The member settings is an object: name to text.");
        };
    }

    private static Plans.Asked command(JsonValue value) {
        JsonObject command = only(object(value, "commands"), "A command", "statement", "parameters");
        return new Plans.Asked(
                text(command, "statement"),
                array(command, "parameters").stream().map(PlanBody::parameter).toList());
    }

    private static OpenParameter parameter(JsonValue value) {
        JsonObject parameter = only(object(value, "parameters"), "A parameter", "type", "min", "max", "pattern");
        try {
            return OpenParameter.of(
                    text(parameter, "type"),
                    bound(parameter, "min"),
                    bound(parameter, "max"),
                    bound(parameter, "pattern"));
        } catch (IllegalArgumentException wrong) {
            throw Problem.unprocessable("A parameter is not understood: " + wrong.getMessage() + ".")
                    .exception();
        }
    }

    private static JsonObject only(JsonObject object, String what, String... members) {
        if (!Set.of(members).containsAll(object.keySet())) {
            throw Texts.bad(what + " has the members " + String.join(", ", members) + ", and no others.");
        }
        return object;
    }

    private static JsonObject object(JsonValue value, String member) {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw Texts.bad("The member " + member + " is a list of objects.");
    }

    private static List<JsonValue> array(JsonObject object, String member) {
        return switch (object.get(member)) {
            case null -> List.of();
            case JsonArray array -> array;
            default -> throw Texts.bad("The member " + member + " is a list.");
        };
    }

    private static String text(JsonObject object, String member) {
        JsonValue value = object.get(member);
        if (value == null) {
            throw Texts.bad("The member " + member + " is missing.");
        }
        return text(value, member);
    }

    private static String text(JsonValue value, String member) {
        if (value instanceof JsonString text) {
            return Texts.stored(member, text.getString());
        }
        throw Texts.bad("The member " + member + " is a text.");
    }

    /** A text, or a number as it is written. */
    private static @Nullable String bound(JsonObject object, String member) {
        return switch (object.get(member)) {
            case null -> null;
            case JsonNumber number -> number.toString();
            case JsonString text -> text.getString();
            default -> throw Texts.bad("The member " + member + " is a number or a text.");
        };
    }
}
