package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ATargetIsAskedForItsCatalogueOnlyWhereItSaysSoTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|",
                "', catalogue: false'|",
                "', catalogue: true'|5m",
                "', catalogue: {}'|5m",
                "', catalogue: {refresh: 30s}'|30s"
            })
    void asOftenAsItSays(String setting, String refresh) throws Exception {
        Policy policy = load(setting);
        assertThat(policy.target("postgres", "shop").orElseThrow().catalogue().map(Duration::toSeconds))
                .isEqualTo(Optional.ofNullable(refresh).map(text -> text.equals("5m") ? 300L : 30L));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "', catalogue: always'|'always' is not one of false, true",
                "', catalogue: {refresh: 0s}'|'refresh' must be at least 1s",
                "', catalogue: {refresh: 2d}'|'refresh' is longer than it may be",
                "', catalogue: {every: 5m}'|every",
                "', catalogue: [views]'|'catalogue' must be a text"
            },
            quoteCharacter = '"')
    void nothingElseIsUnderstood(String setting, String problem) {
        assertThatThrownBy(() -> load(setting.substring(1, setting.length() - 1)))
                .isInstanceOfSatisfying(
                        PolicyException.class,
                        e -> assertThat(e.problems())
                                .anyMatch(each -> each.toString().contains(problem)));
    }

    private Policy load(String setting) throws Exception {
        Files.writeString(
                folder.resolve("a.yaml"), Shop.BASE.replace("tls: verify-full}", "tls: verify-full" + setting + "}"));
        return Policy.load(folder, name -> "secret");
    }
}
