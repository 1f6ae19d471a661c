package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The JSON Schema beside the example policy, by which editors complete and check, says what the readers say. */
class EditorsCompletePoliciesTest {

    private static final Path HOUSE = Path.of("..");
    private static final Path SHIPPED = HOUSE.resolve("server-config/src/main/policy");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    static Stream<Path> policies() throws IOException {
        return in(SHIPPED, HOUSE.resolve("server-config/src/main/demo-policy"), HOUSE.resolve("it/bench/policy"));
    }

    static Stream<Path> tests() throws IOException {
        return in(SHIPPED.resolve("tests"), HOUSE.resolve("server-config/src/main/demo-policy/tests"));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theyFindNothingWrongWithOurPolicies(Path file) throws IOException {
        assertThat(complaints("countersign.schema.json", Files.readString(file)))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void norWithTheirTests(Path file) throws IOException {
        assertThat(complaints("countersign-tests.schema.json", Files.readString(file)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dutys: []",
                "targets: [{name: a, protocol: postgres, host: h, port: 0, user: u, password: {env: P}, tls: off}]",
                "targets: [{name: a, protocol: postgres, host: h, port: 1, user: u, password: secret, tls: off}]",
                "targets: [{name: a, protocol: postgres, host: h, port: 1, user: u, tls: verify-full}]",
                "targets: [{name: a, protocol: postgres, host: h, port: 1, user: u, certificate: c, tls: verify-full}]",
                "masks: [{name: a, way: hide, column: c}]",
                "masks: [{name: a, way: redact, column: c, detect: [email]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: hold, reason: r}]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: permit, quorum: 2}]}]",
                "separations: [{name: s, duties: [one], kind: static}]",
                "separations: [{name: s, duties: [one, two], kind: object}]",
                "duties: [{name: d, rules: [{name: r, targets: [t], effects: [e], decision: permit}]}]",
                "duties: [{name: d, carried-by: [g], break-glass: {lasts: 5m}, rules: [{name: r, targets: [t], effects: [e], decision: permit}]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: permit, rerun: 5m}]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: permit, in-transaction: 5m}]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: hold, reason: r, stages: [{automatic: {name: a}}, {approvers: [g]}]}]}]",
                "duties: [{name: d, carried-by: [g], rules: [{name: r, targets: [t], effects: [e], decision: hold, reason: r, stages: [{automatic: {name: a, opa: u}, approvers: [g]}]}]}]",
                "duties: [{name: d, carried-by: [g], break-glass: {stages: [{automatic: {name: a, opa: u}}]}, rules: [{name: r, targets: [t], effects: [e], decision: permit}]}]"
            })
    void butWithWhatWouldNotLoad(String policy) {
        assertThat(complaints("countersign.schema.json", policy)).isNotEmpty();
    }

    @Test
    void everyKeyThatTheReaderOfPoliciesKnowsIsThereAndNoOther() {
        for (Place place : places("countersign.schema.json")) {
            assertThat(known(place, this::problemsOfPolicy)).as(place.path()).isEqualTo(place.keys());
        }
    }

    @Test
    void everyKeyThatTheReaderOfTestsKnowsIsThereAndNoOther() {
        for (Place place : places("countersign-tests.schema.json")) {
            assertThat(known(place, this::problemsOfTests)).as(place.path()).isEqualTo(place.keys());
        }
    }

    /**
     * A mapping of the schema.
     *
     * @param document a file that has this mapping, with one key too many
     */
    private record Place(String path, Set<String> keys, String document) {}

    @FunctionalInterface
    private interface Reader {
        List<Problem> problems(String document) throws IOException, PolicyException;
    }

    /** What the reader says it knows where it finds something that it does not. */
    private static Set<String> known(Place place, Reader reader) {
        try {
            return reader.problems(place.document()).stream()
                    .map(Problem::message)
                    .filter(message -> message.startsWith("'unheard-of' is not known here; known are "))
                    .map(message -> Set.copyOf(
                            List.of(message.replaceFirst(".*known are ", "").split(", "))))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("nobody reads " + place.path()));
        } catch (IOException | PolicyException e) {
            throw new AssertionError(e);
        }
    }

    private List<Problem> problemsOfPolicy(String document) throws IOException {
        Files.writeString(folder.resolve("a.yaml"), document);
        try {
            PolicyReader.check(folder);
            return List.of();
        } catch (PolicyException e) {
            return e.problems();
        }
    }

    private List<Problem> problemsOfTests(String document) throws IOException, PolicyException {
        List<Problem> problems = new ArrayList<>();
        Policy policy = Shop.policy(folder, "");
        Yaml.read("tests/a.yaml", document, problems)
                .ifPresent(root -> new TestReader(policy, (text, schemas) -> {
                            throw new IllegalArgumentException("not understood");
                        })
                        .read(root));
        return problems;
    }

    private static List<Place> places(String name) {
        List<Place> places = new ArrayList<>();
        JsonNode root = schema(name);
        collect(root, root, "", "%s", places);
        assertThat(places).hasSizeGreaterThan(3);
        return places;
    }

    /** @param around the document around this mapping, with %s in its place */
    private static void collect(JsonNode root, JsonNode schema, String path, String around, List<Place> into) {
        JsonNode at = schema.has("$ref") ? root.at(schema.get("$ref").asText().substring(1)) : schema;
        at.path("anyOf").forEach(choice -> collect(root, choice, path, around, into));
        if (at.has("items")) {
            collect(root, at.get("items"), path + "[]", around.formatted("[%s]"), into);
        }
        if (at.has("properties")) {
            Set<String> keys = new TreeSet<>();
            at.get("properties").fieldNames().forEachRemaining(keys::add);
            into.add(new Place(path, keys, around.formatted(mapping(at, "unheard-of", "\"x\""))));
            at.get("properties").properties().forEach(property -> {
                String inner = around.formatted(mapping(at, property.getKey(), "%s"));
                collect(root, property.getValue(), path + "." + property.getKey(), inner, into);
            });
        }
    }

    /** With what its reader must find before it looks at the rest. */
    private static String mapping(JsonNode schema, String key, String value) {
        ObjectNode others = JSON.createObjectNode()
                .put("name", "x")
                .put("decision", "hold")
                .put("way", "hash")
                .<ObjectNode>set("as", JSON.createObjectNode().put("name", "x"))
                .retain(List.copyOf(schema.get("properties").properties().stream()
                        .map(property -> property.getKey())
                        .filter(each -> !each.equals(key))
                        .toList()));
        String first = "\"" + key + "\": " + value;
        return others.isEmpty()
                ? "{" + first + "}"
                : "{" + first + ", " + others.toString().substring(1);
    }

    private static Set<String> complaints(String name, String yaml) {
        JsonSchema schema =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema(name));
        Object read = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return schema.validate(JSON.valueToTree(read)).stream()
                .map(ValidationMessage::toString)
                .collect(Collectors.toSet());
    }

    private static JsonNode schema(String name) {
        try {
            return JSON.readTree(Files.readString(SHIPPED.resolve(name)));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Stream<Path> in(Path... folders) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path each : folders) {
            try (Stream<Path> files = Files.list(each)) {
                files.filter(file -> file.toString().endsWith(".yaml")).forEach(found::add);
            }
        }
        assertThat(found).isNotEmpty();
        return found.stream();
    }
}
