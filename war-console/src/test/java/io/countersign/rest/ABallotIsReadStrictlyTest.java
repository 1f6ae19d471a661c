package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.approval.Choice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ABallotIsReadStrictlyTest {

    @Test
    void aDecisionAndAComment() throws IOException {
        assertThat(read("{\"decision\": \"reject\", \"comment\": \"Nein, danke – zu viel\"}"))
                .isEqualTo(new Ballot(Choice.REJECT, "Nein, danke – zu viel"));
    }

    @Test
    void anApprovalNeedsNoComment() throws IOException {
        assertThat(read("{\"decision\": \"approve\"}")).isEqualTo(new Ballot(Choice.APPROVE, ""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "not json",
                "[]",
                "\"approve\"",
                "{}",
                "{\"decision\": \"perhaps\"}",
                "{\"decision\": \"APPROVE\"}",
                "{\"decision\": 1}",
                "{\"decision\": null}",
                "{\"decision\": \"approve\", \"comment\": 7}",
                "{\"decision\": \"approve\", \"comment\": null}",
                "{\"decision\": \"approve\", \"comment\": \"a\\u0000b\"}",
                "{\"decision\": \"approve\", \"comment\": \"a\\ud83d b\"}",
                "{\"decision\": \"approve\", \"request\": 18}",
                "{\"decision\": \"approve\"} {\"decision\": \"reject\"}",
                "{\"decision\": \"approve\", \"decision\": \"reject\"}"
            })
    void anythingElseIsABadRequest(String body) {
        assertProblem(body, 400);
    }

    @Test
    void aBodyWithoutEndIsNotReadToItsEnd() {
        assertProblem("{\"decision\": \"approve\", \"comment\": \"" + "x".repeat(Ballot.LONGEST_BODY) + "\"}", 413);
    }

    private static void assertProblem(String body, int status) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem ->
                                assertThat(problem.problem().status()).as(body).isEqualTo(status));
    }

    private static Ballot read(String body) throws IOException {
        return Ballot.read(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
    }
}
