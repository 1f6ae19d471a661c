package io.countersign.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.countersign.api.Insight;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From the target's plan to words (14.1 "Using EXPLAIN"). Read from its JSON form: in the text form, a table's alias could
 * look like a step with another estimate.
 */
final class PlanText {

    private static final int MOST_STEPS = 100;

    private static final int LONGEST_STEP = 500;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(1_000).build())
            .build();

    private final List<String> steps = new ArrayList<>();
    private int left;

    private PlanText() {}

    /** @throws IOException where it is no plan */
    static Insight.Plan read(String json) throws IOException {
        Object read;
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            read = value(parser);
        }
        if (!(read instanceof List<?> plans)
                || plans.isEmpty()
                || !(plans.getFirst() instanceof Map<?, ?> first)
                || !(first.get("Plan") instanceof Map<?, ?> root)) {
            throw new IOException("no plan");
        }
        PlanText text = new PlanText();
        text.step(root, 0);
        if (text.left > 0) {
            text.steps.add("… and " + text.left + " more steps");
        }
        return new Insight.Plan(text.steps, rows(root), changed(root));
    }

    /** What changes rows changes those that the step beneath it finds. */
    private static OptionalLong changed(Map<?, ?> root) {
        return "ModifyTable".equals(root.get("Node Type"))
                ? OptionalLong.of(beneath(root)
                        .filter(step -> !"InitPlan".equals(step.get("Parent Relationship"))
                                && !"SubPlan".equals(step.get("Parent Relationship")))
                        .mapToLong(PlanText::rows)
                        .sum())
                : OptionalLong.empty();
    }

    private void step(Map<?, ?> step, int depth) {
        if (steps.size() >= MOST_STEPS) {
            left++;
        } else {
            String indent = "  ".repeat(Math.min(depth, 20));
            add(indent + name(step) + " (about " + rows(step) + " rows, cost " + step.get("Total Cost") + ")");
            step.forEach((key, value) -> {
                if (value instanceof String && condition(String.valueOf(key))) {
                    add(indent + "  " + key + ": " + value);
                }
            });
        }
        beneath(step).forEach(next -> step(next, depth + 1));
    }

    private void add(String step) {
        steps.add(step.length() <= LONGEST_STEP ? step : step.substring(0, LONGEST_STEP) + "…");
    }

    private static boolean condition(String key) {
        return key.endsWith("Cond") || key.endsWith("Filter");
    }

    private static String name(Map<?, ?> step) {
        Object operation = step.get("Operation");
        String name = "ModifyTable".equals(step.get("Node Type")) && operation != null
                ? String.valueOf(operation)
                : String.valueOf(step.get("Node Type"));
        List<String> subjects = Stream.of("Index Name", "Relation Name", "CTE Name", "Function Name")
                .map(step::get)
                .filter(String.class::isInstance)
                .map(String::valueOf)
                .toList();
        String subject = subjects.isEmpty() ? "" : " on " + String.join(" of ", subjects);
        Object alias = step.get("Alias");
        return name
                + subject
                + (alias instanceof String && !alias.equals(step.get("Relation Name")) ? " " + alias : "");
    }

    private static long rows(Map<?, ?> step) {
        return step.get("Plan Rows") instanceof Number rows ? rows.longValue() : 0;
    }

    private static Stream<? extends Map<?, ?>> beneath(Map<?, ?> step) {
        return step.get("Plans") instanceof List<?> plans
                ? plans.stream().filter(Map.class::isInstance).map(plan -> (Map<?, ?>) plan)
                : Stream.of();
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    object.put(name, value(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(value(parser));
                }
                yield array;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> null;
            case VALUE_STRING, VALUE_TRUE, VALUE_FALSE -> parser.getText();
            default -> throw new IOException("no JSON");
        };
    }
}
