package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnAutomaticApproverIsReadTest {

    private static final String DUTY = """
            duties:
              - name: d
                carried-by: [support]
                rules:
                  - name: r
                    targets: [shop]
                    effects: ["sql:delete"]
                    decision: hold
                    reason: A freeze is looked for first.
                    stages:
            %s
            """;
    private static final String PERSONS = "          - {approvers: [seniors]}\n";

    @TempDir
    private Path folder;

    private static String stages(String... stages) {
        return DUTY.formatted(String.join("\n", stages));
    }

    private static String automatic(String fields) {
        return "          - automatic: {" + fields + "}";
    }

    @Test
    void asAStageBesideThoseOfPersons() throws Exception {
        Policy policy = Shop.policy(
                folder,
                stages(automatic("name: freeze, opa: \"https://opa.example/v1/data/freeze\", timeout: 5s"), PERSONS));
        Decision decision = policy.decide(
                command(DelegationChain.of(person("alice", "support")), "x", effect("sql:delete", "public", "t")),
                Shop.NOON);
        assertThat(decision.terms()).singleElement().satisfies(terms -> {
            assertThat(terms.stages().getFirst())
                    .isEqualTo(new Stage.Automatic(
                            "freeze", URI.create("https://opa.example/v1/data/freeze"), Duration.ofSeconds(5)));
            assertThat(terms.persons()).isEqualTo(1);
            assertThat(terms.groups()).containsExactly("approvers");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://opa.example/v1/data/a",
                "http://127.0.0.1:8181/v1/data/a",
                "http://[::1]:8181/v1/data/a",
                "http://localhost:8181/v1/data/a"
            })
    void askedByHttpsOrOnThisMachine(String address) throws Exception {
        assertThat(Shop.problems(folder, stages(automatic("name: a, opa: \"" + address + "\""), PERSONS)))
                .isEmpty();
    }

    static Stream<Arguments> wrong() {
        String there = "opa: \"https://opa.example/v1/data/a\"";
        return Stream.of(
                Arguments.of(
                        "alone",
                        stages(automatic("name: a, " + there)),
                        "a rule that holds needs a stage of persons, too"),
                Arguments.of(
                        "by plain HTTP",
                        stages(automatic("name: a, opa: \"http://opa.example/v1/data/a\""), PERSONS),
                        "is asked by https"),
                Arguments.of(
                        "at a name that only begins like this machine",
                        stages(automatic("name: a, opa: \"http://127.0.0.1.example/v1/data/a\""), PERSONS),
                        "is asked by https"),
                Arguments.of(
                        "with a password in its address",
                        stages(automatic("name: a, opa: \"https://me:secret@opa.example/v1/data/a\""), PERSONS),
                        "'opa' must be an address"),
                Arguments.of(
                        "at a file",
                        stages(automatic("name: a, opa: \"file:///etc/passwd\""), PERSONS),
                        "'opa' must be an address"),
                Arguments.of("without a name", stages(automatic(there), PERSONS), "'name' is missing"),
                Arguments.of("without an address", stages(automatic("name: a"), PERSONS), "'opa' is missing"),
                Arguments.of(
                        "without time",
                        stages(automatic("name: a, timeout: 0s, " + there), PERSONS),
                        "'timeout' must be longer than nothing"),
                Arguments.of(
                        "with too much of it",
                        stages(automatic("name: a, timeout: 31s, " + there), PERSONS),
                        "'timeout' is longer than it may be"),
                Arguments.of(
                        "twice, at two addresses",
                        stages(
                                automatic("name: a, " + there),
                                automatic("name: a, opa: \"https://other.example/v1/data/a\""),
                                PERSONS),
                        "the automatic approver a is asked at https://opa.example/v1/data/a elsewhere"),
                Arguments.of(
                        "and of persons at once",
                        stages("          - {automatic: {name: a, " + there + "}, approvers: [seniors]}", PERSONS),
                        "not both"),
                Arguments.of("to review broken glass", """
                        duties:
                          - name: d
                            carried-by: [support]
                            break-glass:
                              stages:
                                - {approvers: [seniors], quorum: 2}
                                - {automatic: {name: a, %s}}
                            rules: [{name: r, targets: [shop], effects: [e], decision: permit}]
                        """.formatted(there), "'automatic' is not known here"),
                Arguments.of("alone to grant a duty", """
                        duties:
                          - name: d
                            grants: {to: [support], stages: [{automatic: {name: a, %s}}]}
                            rules: [{name: r, targets: [shop], effects: [e], decision: permit}]
                        """.formatted(there), "nobody could ever grant it"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrong")
    void butNot(String how, String duties, String problem) throws Exception {
        List<String> problems = Shop.problems(folder, duties);
        assertThat(problems).anySatisfy(each -> assertThat(each).contains(problem));
    }
}
