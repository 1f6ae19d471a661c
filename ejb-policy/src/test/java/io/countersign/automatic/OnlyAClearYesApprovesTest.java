package io.countersign.automatic;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.Choice;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OPA's answers as its documentation of {@code POST /v1/data} has them, and others. */
class OnlyAClearYesApprovesTest {

    private static Answer read(String body) {
        return Answer.read(200, body.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"result\": true} |",
                "{\"result\": true, \"decision_id\": \"1\", \"metrics\": {}} |",
                "{\"result\": {\"allow\": true}} |",
                "{\"result\": {\"allow\": true, \"reason\": \"no freeze\"}} | no freeze"
            })
    void thatIs(String body, String reason) {
        assertThat(read(body)).isEqualTo(new Answer(Choice.APPROVE, reason == null ? "" : reason));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"result\": false} | It gave no reason.",
                "{\"result\": {\"allow\": false}} | It gave no reason.",
                "{\"result\": {\"allow\": false, \"reason\": \"a freeze\"}} | a freeze"
            })
    void andThisIsAClearNo(String body, String reason) {
        assertThat(read(body)).isEqualTo(new Answer(Choice.REJECT, reason));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"decision_id\": \"1\"}",
                "{\"result\": null}",
                "{\"result\": \"true\"}",
                "{\"result\": 1}",
                "{\"result\": [true]}",
                "{\"result\": {}}",
                "{\"result\": {\"allow\": \"true\"}}",
                "{\"result\": {\"allow\": true, \"reason\": 7}}",
                "{\"result\": {\"allow\": true, \"deny\": [\"no\"]}}",
                "{\"result\": true, \"result\": false}",
                "{\"result\": {\"allow\": false, \"allow\": true}}",
                "{\"result\": true} true",
                "{\"result\": true",
                "true",
                "[{\"result\": true}]",
                "",
                "<html>"
            })
    void whatElseItSaysIsNoAndWhy(String body) {
        Answer answer = read(body);
        assertThat(answer.choice()).isEqualTo(Choice.REJECT);
        assertThat(answer.reason()).endsWith("an automatic approver that gives no clear answer has not approved.");
    }

    @ParameterizedTest
    @ValueSource(ints = {201, 204, 302, 400, 404, 500})
    void soIsAnotherStatus(int status) {
        Answer answer = Answer.read(status, "{\"result\": true}".getBytes(StandardCharsets.UTF_8));
        assertThat(answer.choice()).isEqualTo(Choice.REJECT);
        assertThat(answer.reason()).startsWith("It answered with HTTP status " + status);
    }

    @Test
    void aReasonIsOneLineOfTextAndNotEndless() {
        assertThat(read("{\"result\": {\"allow\": false, \"reason\": \"a\\u0000\\nb\\u001b[2J\"}}")
                        .reason())
                .isEqualTo("a b [2J");
        assertThat(read("{\"result\": {\"allow\": true, \"reason\": \"" + "x".repeat(1_001) + "\"}}"))
                .satisfies(answer -> assertThat(answer.choice()).isEqualTo(Choice.REJECT))
                .satisfies(answer -> assertThat(answer.reason()).contains("more than 1000 characters"));
    }
}
