package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TheShippedPoliciesLoadTest {

    @ParameterizedTest
    @ValueSource(strings = {"../server-config/src/main/demo-policy", "../server-config/src/main/policy"})
    void withoutAProblem(String folder) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CheckCommand.run(
                folder,
                Optional.empty(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }
}
