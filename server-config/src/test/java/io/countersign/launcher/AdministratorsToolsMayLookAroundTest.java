package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.countersign.policy.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Under the demo's policy DBeaver and pgAdmin are refused nothing that they ask at connect and when somebody browses. */
class AdministratorsToolsMayLookAroundTest {

    private static final Path QUESTIONS =
            Path.of("../jca-connectors/postgres/src/test/resources/io/countersign/postgres/tools");

    private static final Path POLICY = Path.of("src/main/demo-policy/shop.yaml");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"dbeaver, support", "pgadmin, support", "pgadmin, dba"})
    void byWhoever(String program, String group) throws IOException {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ArrayNode tests = root.putArray("tests");
        String[] parts = Files.readString(QUESTIONS.resolve(program + ".sql")).split("(?m)^--\\? ");
        for (String part : List.of(parts).subList(1, parts.length)) {
            int end = part.indexOf('\n');
            ObjectNode test = tests.addObject().put("name", part.substring(0, end) + " " + tests.size());
            test.putObject("as").put("name", "alice").putArray("groups").add(group);
            // What is bound, or an object's id in quotes and without.
            String text = part.substring(end + 1)
                    .strip()
                    .replaceAll("\\{[a-z]+ name}", "\\$1")
                    .replaceAll("\\{[a-z]+}", "2200");
            test.put("target", "shop").put("command", text).putObject("expect").put("verdict", "permit");
        }
        Files.copy(POLICY, folder.resolve("shop.yaml"));
        Files.writeString(Files.createDirectory(folder.resolve("tests")).resolve("tools.yaml"), root.toString());

        ByteArrayOutputStream err = new ByteArrayOutputStream();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int status = TestRun.run(
                folder.toString(),
                new SqlContents(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8))
                .as(out.toString(StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(status).isZero();
        assertThat(tests).hasSizeGreaterThan(15);
    }
}
