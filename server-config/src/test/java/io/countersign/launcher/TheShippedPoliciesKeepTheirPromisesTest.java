package io.countersign.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.TestRun;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The test files beside the policies that are delivered, run as {@code countersign policy test} runs them. */
class TheShippedPoliciesKeepTheirPromisesTest {

    @ParameterizedTest
    @ValueSource(strings = {"src/main/demo-policy", "src/main/policy"})
    void asTheirTestsSay(String folder) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = TestRun.run(
                folder,
                new SqlContents(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }
}
