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
import org.snakeyaml.engine.v2.common.ScalarStyle;
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
    private final List<Problem> problems;

    private Yaml(String file, List<Problem> problems) {
        this.file = file;
        this.problems = problems;
    }

    /** The file's top mapping; empty where it is not even YAML, which is then among the problems. */
    static Optional<Fields> read(String file, String text, List<Problem> problems) {
        Yaml yaml = new Yaml(file, problems);
        try {
            Optional<Node> root = new Compose(LoadSettings.builder()
                            .setLabel(file)
                            .setMaxAliasesForCollections(0)
                            .setAllowDuplicateKeys(true)
                            .build())
                    .composeString(text);
            if (root.isEmpty()) {
                return Optional.empty();
            }
            yaml.shallow(root.get(), 1);
            return yaml.fields(root.get());
        } catch (MarkedYamlEngineException e) {
            yaml.problem(e.getProblemMark(), e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(new Problem(file, 0, 0, String.valueOf(e.getMessage())));
        }
        return Optional.empty();
    }

    private void shallow(Node node, int depth) {
        if (depth > DEEPEST) {
            throw new YamlEngineException("nested more than " + DEEPEST + " deep");
        }
        switch (node) {
            case SequenceNode list -> list.getValue().forEach(each -> shallow(each, depth + 1));
            case MappingNode map -> map.getValue().forEach(each -> shallow(each.getValueNode(), depth + 1));
            default -> {}
        }
    }

    private Optional<Fields> fields(Node node) {
        if (!(node instanceof MappingNode map)) {
            problem(node, "a mapping (key: value) is expected here");
            return Optional.empty();
        }
        Map<String, Node> values = new LinkedHashMap<>();
        for (NodeTuple tuple : map.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problem(tuple.getKeyNode(), "a key must be a word");
            } else if (values.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
                problem(key, "'" + key.getValue() + "' stands here twice");
            }
        }
        return Optional.of(new Fields(map, values));
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

    /** A piece of text and where it stands. */
    final class Text {
        private final ScalarNode node;
        private final int shift;

        private Text(ScalarNode node) {
            this.node = node;
            // A quoted text starts after its quote, a block (| or >) on the next line.
            this.shift = node.getScalarStyle() == ScalarStyle.PLAIN ? 0 : 1;
        }

        String value() {
            return node.getValue();
        }

        void problem(String message) {
            Yaml.this.problem(node, message);
        }

        /** @param line and column from 1, within the text */
        void problemAt(int line, int column, String message) {
            Mark mark = node.getStartMark().orElseThrow();
            boolean block = node.getScalarStyle() == ScalarStyle.LITERAL || node.getScalarStyle() == ScalarStyle.FOLDED;
            problems.add(
                    block
                            ? new Problem(file, mark.getLine() + 1 + line, column, message)
                            : new Problem(file, mark.getLine() + 1, mark.getColumn() + shift + column, message));
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
        private final Map<String, Node> values;

        private Fields(MappingNode node, Map<String, Node> values) {
            this.node = node;
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
            values.forEach((key, value) -> {
                if (!names.contains(key)) {
                    Yaml.this.problem(value, "'" + key + "' is not known here; known are " + String.join(", ", names));
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
