package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ATargetIsAskedForPlansOnlyWhereItSaysSoTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|false", "', explain: false'|false", "', explain: true'|true"})
    void andOtherwiseReadsNothingThatIsNotApproved(String setting, boolean asked) throws Exception {
        Files.writeString(
                folder.resolve("a.yaml"), Shop.BASE.replace("tls: verify-full}", "tls: verify-full" + setting + "}"));
        Policy policy = Policy.load(folder, name -> "secret");
        assertThat(policy.explains("postgres", "shop")).isEqualTo(asked);
        assertThat(policy.explains("postgres", "elsewhere")).isFalse();
    }

    @Test
    void nothingElseIsUnderstood() throws Exception {
        Files.writeString(
                folder.resolve("a.yaml"),
                Shop.BASE.replace("tls: verify-full}", "tls: verify-full, explain: analyze}"));
        assertThatThrownBy(() -> Policy.load(folder, name -> "secret"))
                .isInstanceOfSatisfying(
                        PolicyException.class,
                        e -> assertThat(e.problems())
                                .anyMatch(
                                        problem -> problem.toString().contains("'analyze' is not one of false, true")));
    }
}
