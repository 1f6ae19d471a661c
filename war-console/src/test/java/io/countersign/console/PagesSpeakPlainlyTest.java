package io.countersign.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.approval.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesSpeakPlainlyTest {

    private final Wording say = new Wording();

    @ParameterizedTest
    @CsvSource({
        "PT0.0008S,0.8 ms",
        "PT0.24S,240 ms",
        "PT3.2S,3.2 s",
        "PT4M5S,4 min 5 s",
        "PT2H3M,2 h 3 min",
        "PT26H,26 h 0 min"
    })
    void durationsInTheUnitThatFits(Duration duration, String said) {
        assertThat(say.duration(duration)).isEqualTo(said);
    }

    @Test
    void momentsInUtc() {
        assertThat(say.moment(Instant.parse("2026-11-20T21:40:03.7Z"))).isEqualTo("2026-11-20 21:40:03 UTC");
        assertThat(say.machine(Instant.parse("2026-11-20T21:40:03.7Z"))).isEqualTo("2026-11-20T21:40:03Z");
    }

    @Test
    void aGlimpseKeepsLineEndsVisibleBecauseTheyEndComments() {
        assertThat(say.glimpse(" DELETE FROM t -- all\n   WHERE  id = 1 "))
                .isEqualTo("DELETE FROM t -- all ⏎ WHERE id = 1");
    }

    @Test
    void aGlimpseOfALongStatementIsCut() {
        assertThat(say.glimpse("😀".repeat(500))).endsWith("…").hasSize(481);
    }

    @Test
    void aRequestThatPendsIsSaidToWait() {
        assertThat(say.state(State.PENDING)).isEqualTo("waiting");
        assertThat(say.state(State.REJECTED)).isEqualTo("rejected");
    }

    @Test
    void countsAgreeWithTheirNoun() {
        assertThat(say.count(1, "row", "rows")).isEqualTo("1 row");
        assertThat(say.count(12_345, "row", "rows")).isEqualTo("12,345 rows");
    }
}
