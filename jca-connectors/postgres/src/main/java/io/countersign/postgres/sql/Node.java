package io.countersign.postgres.sql;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A node of PostgreSQL's raw parse tree, as libpg_query writes it: {@code {"SelectStmt": {…}}} is a node of that type; an
 * object without such a wrapper stands where the parser's own structure allows one type only, and has none here.
 *
 * <p>Fields that are absent read as empty: the parser leaves out what is null, zero, false or empty.
 */
final class Node {

    /** Deeper than what people write, shallower than what endangers a thread's stack. */
    private static final int DEEPEST = 5_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    static final Node NONE = new Node("", Map.of());

    /** Stands for a number that a {@link Shape} does not have. */
    private static final Object LEFT_OUT = new Object();

    private final String type;
    private final Map<String, Object> fields;

    private Node(String type, Map<String, Object> fields) {
        this.type = type;
        this.fields = fields;
    }

    /** @throws IOException if it is not JSON or nested too deeply */
    static Node read(byte[] json) throws IOException {
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return object(parser);
        }
    }

    /** {@code SelectStmt}, {@code RangeVar}, …; empty where the place says it. */
    String type() {
        return type;
    }

    boolean is(String name) {
        return type.equals(name);
    }

    boolean has(String field) {
        return fields.containsKey(field);
    }

    String text(String field) {
        return fields.get(field) instanceof String text ? text : "";
    }

    /** @throws Shape.Unsaid where this is of a shape, which does not say it */
    int number(String field) {
        Object value = fields.get(field);
        if (value == LEFT_OUT) {
            throw new Shape.Unsaid();
        }
        return value instanceof Integer number ? number : 0;
    }

    boolean flag(String field) {
        return Boolean.TRUE.equals(fields.get(field));
    }

    Node child(String field) {
        return fields.get(field) instanceof Node node ? node : NONE;
    }

    List<Node> list(String field) {
        if (!(fields.get(field) instanceof List<?> list)) {
            return List.of();
        }
        List<Node> nodes = new ArrayList<>(list.size());
        for (Object item : list) {
            if (item instanceof Node node) {
                nodes.add(node);
            }
        }
        return nodes;
    }

    /** What the String nodes of a list say: a name, part by part. */
    List<String> names(String field) {
        List<String> names = new ArrayList<>();
        for (Node item : list(field)) {
            if (item.is("String")) {
                names.add(item.text("sval"));
            }
        }
        return names;
    }

    /** Hands over every node directly beneath, in the order of fields, but for the fields named. */
    void children(Consumer<Node> visitor, String... but) {
        Set<String> skipped = Set.of(but);
        fields.forEach((name, value) -> {
            if (skipped.contains(name)) {
                return;
            }
            if (value instanceof Node node) {
                visitor.accept(node);
            } else if (value instanceof List<?> list) {
                for (Object item : list) {
                    if (item instanceof Node node) {
                        visitor.accept(node);
                    }
                }
            }
        });
    }

    private static Node object(JsonParser parser) throws IOException {
        Map<String, Object> fields = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            fields.put(name, value(parser));
        }
        if (fields.size() == 1) {
            Map.Entry<String, Object> only = fields.entrySet().iterator().next();
            if (Character.isUpperCase(only.getKey().charAt(0)) && only.getValue() instanceof Node inner) {
                return new Node(only.getKey(), inner.fields);
            }
        }
        return new Node("", fields);
    }

    private static Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> number(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> parser.getText();
        };
    }

    private static Object number(JsonParser parser) throws IOException {
        int number = parser.getIntValue();
        return number == 0 && parser.getText().equals(Shape.LEFT_OUT) ? LEFT_OUT : number;
    }
}
