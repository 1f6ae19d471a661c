package io.countersign.ledger;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.countersign.api.Claims;
import io.countersign.api.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reads what {@link JsonWriter} wrote. A field that is missing or not what it should be is damage, and said so. */
public record JsonReader(JsonNode node) {

    private static final ObjectMapper JSON = new ObjectMapper();

    public static JsonReader of(byte[] json) {
        try {
            return new JsonReader(JSON.readTree(json));
        } catch (JacksonException e) {
            throw new IllegalStateException("a record is no JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("a record cannot be read", e);
        }
    }

    public static JsonReader of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    public boolean has(String name) {
        return node.hasNonNull(name);
    }

    public String text(String name) {
        return field(name).asText();
    }

    public @Nullable String textOrNull(String name) {
        JsonNode field = field(name);
        return field.isNull() ? null : field.asText();
    }

    public long number(String name) {
        return field(name).asLong();
    }

    public boolean flag(String name) {
        return field(name).asBoolean();
    }

    public JsonReader object(String name) {
        return new JsonReader(field(name));
    }

    public Instant time(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw new IllegalStateException("a record's field " + name + " is no time: " + e.getMessage(), e);
        }
    }

    public List<String> texts(String name) {
        return elements(name).map(JsonNode::asText).toList();
    }

    public <T> List<T> objects(String name, Function<JsonReader, T> read) {
        return elements(name).map(JsonReader::new).map(read).toList();
    }

    public SortedMap<String, String> map(String name) {
        SortedMap<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : field(name).properties()) {
            map.put(field.getKey(), field.getValue().asText());
        }
        return map;
    }

    /** What {@link JsonWriter#identity} wrote. */
    public Identity identity() {
        try {
            return new Identity(
                    text("issuer"),
                    text("subject"),
                    text("name"),
                    Set.copyOf(texts("groups")),
                    Identity.Kind.valueOf(text("kind")),
                    new Claims(optional("email"), optional("client"), has("claims") ? map("claims") : Map.of()));
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("a record's identity cannot be read: " + e.getMessage(), e);
        }
    }

    private Optional<String> optional(String name) {
        return has(name) ? Optional.of(text(name)) : Optional.empty();
    }

    private Stream<JsonNode> elements(String name) {
        return StreamSupport.stream(field(name).spliterator(), false);
    }

    private JsonNode field(String name) {
        JsonNode field = node.get(name);
        if (field == null) {
            throw new IllegalStateException("a record lacks its field " + name);
        }
        return field;
    }
}
