package io.countersign.console.plans;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.plan.boundary.Plans;
import org.junit.jupiter.api.Test;

class AnEmptyLineEndsACommandTest {

    @Test
    void andLinesEndAsClientsEndThem() {
        assertThat(PlanListBean.separated("UPDATE a\r\n  SET b = 1\r\n \t\r\n\r\nSELECT 1\r\n"))
                .extracting(Plans.Asked::statement)
                .containsExactly("UPDATE a\n  SET b = 1", "SELECT 1");
    }

    @Test
    void nothingIsNoCommand() {
        assertThat(PlanListBean.separated(" \r\n\r\n")).isEmpty();
    }
}
