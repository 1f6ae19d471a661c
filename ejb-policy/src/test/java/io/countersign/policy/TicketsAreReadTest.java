package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Target;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicketsAreReadTest {

    @TempDir
    private Path folder;

    @Test
    void byThemselvesTheyLastAnHour() throws Exception {
        assertThat(longest("", "")).isEqualTo(Duration.ofHours(1));
    }

    @ParameterizedTest
    @CsvSource({
        "tickets: {longest: 8h}, '', PT8H",
        "tickets: {longest: 0s}, '', PT0S",
        "tickets: {longest: 8h}, 'tickets: 15m', PT15M",
        "tickets: {longest: 5m}, 'tickets: 15m', PT5M",
        "'', 'tickets: 2h', PT1H",
        "'', 'tickets: 0s', PT0S"
    })
    void theShorterOfThePolicysTimeAndTheTargetsCounts(String policy, String target, Duration longest)
            throws Exception {
        assertThat(longest(policy, target)).isEqualTo(longest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tickets: {longest: 25h}                       | 'longest' is longer than it may be",
                "tickets: {longest: soon}                      | 'longest' must be a time such as 90s, 15m, 2h or 1d",
                "tickets: {shortest: 1h}                       | 'shortest' is not known here"
            })
    void whatIsWrongIsSaid(String tickets, String problem) throws Exception {
        assertThat(Shop.problems(folder, tickets))
                .anySatisfy(each -> assertThat(each).contains(problem));
    }

    @Test
    void aPolicyTrustsItsIssuersAndNoOthers() throws Exception {
        Policy policy = Shop.policy(folder, "");
        assertThat(policy.trusts("https://id.example")).isTrue();
        assertThat(policy.trusts("https://id.example/")).isFalse();
    }

    private Duration longest(String policy, String own) throws Exception {
        String targets =
                "targets: [{name: bank, protocol: postgres, host: db, port: 5432, user: u, password: \"${p}\", tls: off"
                        + (own.isEmpty() ? "" : ", " + own) + "}]\n";
        Policy read = Shop.policy(folder, targets + policy);
        Target bank = read.target("postgres", "bank").orElseThrow();
        return read.longestTicket(bank);
    }
}
