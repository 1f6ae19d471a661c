package io.countersign.postgres.snapshot;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node of a stored rule (51.45 pg_rewrite), as the server writes it: {@code {VAR :varno 1 :varattno 2 …}}. Fields are found by
 * their names, which stay the same from version to version though their order does not.
 *
 * <p>A field that is absent reads as empty.
 */
final class RuleNode {

    /** Deeper than what people write, shallower than what endangers a thread's stack. */
    private static final int DEEPEST = 500;

    /** Characters, a sign among them. */
    private static final int LONGEST_NUMBER = 10;

    static final RuleNode NONE = new RuleNode("");

    private final String type;
    private final Map<String, List<Object>> fields = new HashMap<>();

    private RuleNode(String type) {
        this.type = type;
    }

    /**
     * The first node of a list of them.
     *
     * @throws IllegalArgumentException where it is not what a server writes
     */
    static RuleNode read(String text) {
        List<Object> all = new Reader(text).values();
        if (all.size() == 1 && all.getFirst() instanceof List<?> list && list.getFirst() instanceof RuleNode node) {
            return node;
        }
        throw new IllegalArgumentException("not a stored rule");
    }

    String type() {
        return type;
    }

    boolean is(String name) {
        return type.equals(name);
    }

    private @Nullable Object first(String field) {
        List<Object> values = fields.get(field);
        return values == null || values.isEmpty() ? null : values.getFirst();
    }

    /** A word; empty where there is none. */
    String text(String field) {
        return first(field) instanceof String word ? word : "";
    }

    /** 0 where it is none. Object ids are unsigned. */
    int number(String field) {
        String word = text(field);
        int sign = word.startsWith("-") ? 1 : 0;
        long number = 0;
        for (int i = sign; i < word.length(); i++) {
            char digit = word.charAt(i);
            if (digit < '0' || digit > '9' || i > LONGEST_NUMBER) {
                return 0;
            }
            number = 10 * number + digit - '0';
        }
        return (int) (sign == 0 ? number : -number);
    }

    RuleNode child(String field) {
        return first(field) instanceof RuleNode node ? node : NONE;
    }

    /** Each in its place; {@link #NONE} where something else stands. */
    List<RuleNode> list(String field) {
        List<RuleNode> nodes = new ArrayList<>();
        if (first(field) instanceof List<?> list) {
            list.forEach(item -> nodes.add(item instanceof RuleNode node ? node : NONE));
        }
        return nodes;
    }

    /** Hands over every node directly beneath. */
    void children(Consumer<RuleNode> visitor) {
        fields.values().forEach(values -> nodes(values, visitor));
    }

    private static void nodes(List<?> values, Consumer<RuleNode> visitor) {
        for (Object value : values) {
            if (value instanceof RuleNode node) {
                visitor.accept(node);
            } else if (value instanceof List<?> list) {
                nodes(list, visitor);
            }
        }
    }

    /** Words, lists and nodes; a backslash stands before what would otherwise end a word. */
    private static final class Reader {

        private final String text;
        private int at;
        private int depth;

        Reader(String text) {
            this.text = text;
        }

        /** Up to the end of what they stand in. */
        List<Object> values() {
            if (++depth > DEEPEST) {
                throw new IllegalArgumentException("nested too deeply");
            }
            List<Object> values = new ArrayList<>();
            for (String word = word(); !word.isEmpty() && !word.equals(")"); word = word()) {
                values.add(value(word));
            }
            depth--;
            return values;
        }

        private Object value(String word) {
            return switch (word) {
                case "(" -> values();
                case "{" -> node();
                default -> word;
            };
        }

        private RuleNode node() {
            if (++depth > DEEPEST) {
                throw new IllegalArgumentException("nested too deeply");
            }
            RuleNode node = new RuleNode(word());
            List<Object> values = new ArrayList<>();
            for (String word = word(); !word.equals("}"); word = word()) {
                if (word.isEmpty()) {
                    throw new IllegalArgumentException("a node does not end");
                } else if (word.startsWith(":")) {
                    values = new ArrayList<>();
                    // Names that people choose may look like fields; none may stand in the place of another.
                    if (node.fields.put(word.substring(1), values) != null) {
                        throw new IllegalArgumentException("a field is there twice");
                    }
                } else {
                    values.add(value(word));
                }
            }
            depth--;
            return node;
        }

        /** Empty at the end. */
        private String word() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
            int start = at;
            while (at < text.length()) {
                char c = text.charAt(at);
                boolean bracket = c == '(' || c == ')' || c == '{' || c == '}';
                if (bracket || Character.isWhitespace(c)) {
                    break;
                }
                at += c == '\\' ? 2 : 1;
            }
            if (at == start && at < text.length()) {
                at++;
            }
            at = Math.min(at, text.length());
            return text.substring(start, at);
        }
    }
}
