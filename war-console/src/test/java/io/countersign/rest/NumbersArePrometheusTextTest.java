package io.countersign.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NumbersArePrometheusTextTest {

    @Test
    void aFamilyIsTypedOnceAndTotalsAreCounters() {
        String text = MetricsResource.text(new TreeMap<>(Map.of(
                "commands_total{verdict=\"hold\"}", 12.0,
                "commands_total{verdict=\"permit\"}", 18_231.0,
                "held_now", 3.0,
                "judge_seconds", 0.00025)));

        assertThat(text).isEqualTo("""
                        # TYPE countersign_commands_total counter
                        countersign_commands_total{verdict="hold"} 12
                        countersign_commands_total{verdict="permit"} 18231
                        # TYPE countersign_held_now gauge
                        countersign_held_now 3
                        # TYPE countersign_judge_seconds gauge
                        countersign_judge_seconds 2.5E-4
                        """);
    }
}
