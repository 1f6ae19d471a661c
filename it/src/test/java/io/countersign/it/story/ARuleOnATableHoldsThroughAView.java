package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The shop's view order_totals reads orders and order_items; where its catalogue is asked, rules know that. */
@ExtendWith(SharedDemo.class)
class ARuleOnATableHoldsThroughAView {

    @Test
    void whereTheTargetIsAskedForItsCatalogue(Demo demo) {
        try (Program psql = demo.psql("alice")) {
            psql.type("SELECT 'totals ' || count(*) FROM order_totals;").awaitText("totals ");
            psql.type("\\c shop-catalogued")
                    .type("SELECT 'orders ' || count(*) FROM orders;")
                    .awaitText("orders ");
            psql.type("SELECT 'none ' || count(*) FROM order_totals;")
                    .awaitText("nobody-reads-what-was-ordered")
                    .awaitText("what people order is nobody's business");
            assertThat(psql.finish().out()).doesNotContain("none ");
        }
    }
}
