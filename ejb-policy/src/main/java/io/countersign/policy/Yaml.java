package io.countersign.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.CollectionEndEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A YAML file (YAML 1.2.2) read node by node, so that every complaint names line and column, and so that nothing is
 * constructed but text, lists and mappings.
 */
final class Yaml {

    private static final int DEEPEST = 16;

    private final String file;
    private final List<String> lines;
    private final List<Problem> problems;

    private Yaml(String file, String text, List<Problem> problems) {
        this.file = file;
        this.lines = text.lines().toList();
        this.problems = problems;
    }

    /** The file's top mapping; empty where it is not even YAML, which is then among the problems. */
    static Optional<Fields> read(String file, String text, List<Problem> problems) {
        Yaml yaml = new Yaml(file, text, problems);
        LoadSettings settings = LoadSettings.builder()
                .setLabel(file)
                .setMaxAliasesForCollections(0)
                .setAllowDuplicateKeys(true)
                .build();
        try {
            if (!yaml.shallow(new Parse(settings).parseString(text))) {
                return Optional.empty();
            }
            Optional<Node> root = new Compose(settings).composeString(text);
            return root.flatMap(yaml::fields);
        } catch (MarkedYamlEngineException e) {
            yaml.problem(e.getProblemMark(), e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(new Problem(file, 0, 0, String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    /** Looked at before nodes are made of it: making them recurses, and a deep enough file would exhaust the stack. */
    private boolean shallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            if (event instanceof CollectionStartEvent && ++depth > DEEPEST) {
                problem(event.getStartMark(), "nested more than " + DEEPEST + " deep");
                return false;
            }
            depth -= event instanceof CollectionEndEvent ? 1 : 0;
        }
        return true;
    }

    private Optional<Fields> fields(Node node) {
        if (!(node instanceof MappingNode map)) {
            problem(node, "a mapping (key: value) is expected here");
            return Optional.empty();
        }
        Map<String, Node> keys = new LinkedHashMap<>();
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(tuple.getKeyNode(), "a key must be a word");
            } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problem(key, "'" + key.getValue() + "' stands here twice");
            } else {
                keys.put(key.getValue(), key);
            }
        }
        return Optional.of(new Fields(map, keys, values));
    }

    private void problem(Node node, String message) {
        problem(node.getStartMark(), message);
    }

    private void problem(Optional<Mark> mark, String message) {
        problems.add(new Problem(
                file,
                mark.map(Mark::getLine).orElse(-1) + 1,
                mark.map(Mark::getColumn).orElse(-1) + 1,
                message));
    }

    private int indent(int from) {
        return lines.stream()
                .skip(from)
                .filter(line -> !line.isBlank())
                .findFirst()
                .map(line -> line.length() - line.stripLeading().length())
                .orElse(0);
    }

    /** A piece of text and where it stands. */
    final class Text {
        private final ScalarNode node;

        private Text(ScalarNode node) {
            this.node = node;
        }

        String value() {
            return node.getValue();
        }

        void problem(String message) {
            Yaml.this.problem(node, message);
        }

        /** @param line and column from 1, within the text */
        void problemAt(int line, int column, String message) {
            Mark start = node.getStartMark().orElseThrow();
            ScalarStyle style = node.getScalarStyle();
            if (style == ScalarStyle.LITERAL) {
                // The text starts on the line after |, as deep as its first line that has anything on it.
                place(start.getLine() + 1 + line, indent(start.getLine() + 1) + column, message);
            } else if (start.getLine() != node.getEndMark().orElseThrow().getLine()) {
                problem(message + " (at character " + column + " of the text)"); // Folding lost where its lines ended.
            } else {
                int before = switch (style) {
                    case SINGLE_QUOTED -> 1 + doubled(column, "'");
                    case DOUBLE_QUOTED -> 1 + doubled(column, "\"\\");
                    default -> 0;
                };
                place(start.getLine() + 1, start.getColumn() + before + column, message);
            }
        }

        private void place(int line, int column, String message) {
            problems.add(new Problem(file, line, column, message));
        }

        /** How many characters before the column are written as two. */
        private int doubled(int column, String which) {
            return (int) value().substring(0, Math.min(column - 1, value().length()))
                    .chars()
                    .filter(c -> which.indexOf(c) >= 0)
                    .count();
        }

        /** The parsed value; empty where the parser throws, whose words are then a problem. */
        <T> Optional<T> as(Function<String, T> parser) {
            try {
                return Optional.of(parser.apply(value()));
            } catch (IllegalArgumentException | java.time.DateTimeException e) {
                problem(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }
    }

    /** A mapping's values by key; whoever reads it says which keys it knows. */
    final class Fields {
        private final MappingNode node;
        private final Map<String, Node> keys;
        private final Map<String, Node> values;

        private Fields(MappingNode node, Map<String, Node> keys, Map<String, Node> values) {
            this.node = node;
            this.keys = keys;
            this.values = values;
        }

        String file() {
            return file;
        }

        int line() {
            return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
        }

        /** Complains of every key that is not among these: a mistyped key must not be passed over. */
        Fields only(String... known) {
            Set<String> names = new TreeSet<>(Set.of(known));
            keys.forEach((key, node) -> {
                if (!names.contains(key)) {
                    Yaml.this.problem(node, "'" + key + "' is not known here; known are " + String.join(", ", names));
                }
            });
            return this;
        }

        boolean has(String key) {
            return values.containsKey(key);
        }

        void problem(String message) {
            Yaml.this.problem(node, message);
        }

        /** All its keys with their texts, for mappings whose keys nobody prescribes. */
        Map<String, String> texts() {
            Map<String, String> texts = new LinkedHashMap<>();
            values.keySet().forEach(key -> text(key).ifPresent(text -> texts.put(key, text.value())));
            return texts;
        }

        Optional<Text> text(String key) {
            Node value = values.get(key);
            if (value == null) {
                return Optional.empty();
            }
            if (value instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                return Optional.of(new Text(scalar));
            }
            Yaml.this.problem(value, "'" + key + "' must be a text");
            return Optional.empty();
        }

        Optional<Text> required(String key) {
            if (!has(key)) {
                problem("'" + key + "' is missing");
            }
            return text(key);
        }

        Optional<Fields> map(String key) {
            Node value = values.get(key);
            return value == null ? Optional.empty() : fields(value);
        }

        boolean isMap(String key) {
            return values.get(key) instanceof MappingNode;
        }

        /** The mappings of a list; none where the key is missing. */
        List<Fields> maps(String key) {
            List<Fields> maps = new ArrayList<>();
            for (Node each : list(key, values.get(key))) {
                fields(each).ifPresent(maps::add);
            }
            return maps;
        }

        /** The texts of a list; none where the key is missing. */
        List<Text> texts(String key) {
            List<Text> texts = new ArrayList<>();
            for (Node each : list(key, values.get(key))) {
                if (each instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
                    texts.add(new Text(scalar));
                } else {
                    Yaml.this.problem(each, "'" + key + "' must be a list of texts");
                }
            }
            return texts;
        }

        private List<Node> list(String key, @Nullable Node value) {
            if (value == null) {
                return List.of();
            }
            if (value instanceof SequenceNode sequence) {
                return sequence.getValue();
            }
            Yaml.this.problem(value, "'" + key + "' must be a list");
            return List.of();
        }
    }
}
