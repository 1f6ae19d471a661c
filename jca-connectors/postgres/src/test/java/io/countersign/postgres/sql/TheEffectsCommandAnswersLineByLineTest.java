package io.countersign.postgres.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TheEffectsCommandAnswersLineByLineTest {

    @Test
    void inTheFormThatOthersScriptBy() throws IOException {
        assertThat(run("{\"sql\": \"DELETE FROM public.t; SELECT pg_sleep(1)\"}\n"))
                .containsExactly("{\"statements\":["
                        + "{\"kind\":\"DELETE\",\"effects\":[{\"action\":\"sql:delete\",\"object\":[\"public\",\"t\"]}],"
                        + "\"functions\":[],\"flags\":[\"no-where\"]},"
                        + "{\"kind\":\"SELECT\",\"effects\":[{\"action\":\"sql:select\",\"object\":[]}],"
                        + "\"functions\":[[\"pg_sleep\"]],\"flags\":[]}]}");
    }

    @Test
    void anErrorIsAnAnswerToo() throws IOException {
        assertThat(run("{\"sql\": \"SELEC 1\"}\n{\"sql\": \"SELECT 'é\\u0000'\"}\n{\"sql\": \"\"}"))
                .containsExactly(
                        "{\"error\":\"syntax error at or near \\\"SELEC\\\"\"}",
                        "{\"error\":\"the text contains a NUL character\"}",
                        "{\"statements\":[]}");
    }

    @Test
    void whatIsNoRequestIsAnErrorAndTheNextLineIsAnswered() throws IOException {
        List<String> answers = run("\nnot json\n{\"sql\": 1}\n{}\n[]\n{\"sql\": \"SELECT 1\"} x\n\"SELECT 1\"\n"
                + "{\"sql\": \"SELECT 1\", \"sql\": \"DROP TABLE t\"}\n{\"id\": [{}], \"sql\": \"BEGIN\"}\r\n");
        assertThat(answers).hasSize(9);
        assertThat(answers.subList(0, 8))
                .allSatisfy(answer -> assertThat(answer).startsWith("{\"error\":"));
        assertThat(answers.getLast()).contains("\"kind\":\"BEGIN\"");
    }

    @Test
    void aLineWithoutEndIsNotKeptInMemory() throws IOException {
        byte[] line = new byte[8 << 20];
        line[line.length - 1] = '\n';
        assertThat(run(line)).singleElement().asString().contains("longer than");
    }

    @Test
    void invalidUtf8IsAnError() throws IOException {
        byte[] line = "{\"sql\": \"SELECT '?'\"}".getBytes(StandardCharsets.US_ASCII);
        line[17] = (byte) 0xff;
        assertThat(run(line)).singleElement().asString().startsWith("{\"error\":");
    }

    private static List<String> run(String input) throws IOException {
        return run(input.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> run(byte[] input) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(EffectsCommand.run(new ByteArrayInputStream(input), new PrintStream(out)))
                .isZero();
        return out.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
