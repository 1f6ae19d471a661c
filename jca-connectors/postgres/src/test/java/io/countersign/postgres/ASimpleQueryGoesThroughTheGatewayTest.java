package io.countersign.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.Outcome;
import io.countersign.api.Verdict;
import org.junit.jupiter.api.Test;

class ASimpleQueryGoesThroughTheGatewayTest extends GatewayTest {

    @Test
    void permitted() {
        assertThat(gateway.psql("-Atc", "SELECT item FROM orders ORDER BY id")).isEqualTo("lamp\ndesk\n");
        Outcome outcome = gateway.policy.awaitOutcome(one -> true);
        assertThat(outcome.status()).isEqualTo(Outcome.Status.DONE);
        assertThat(outcome.detail()).isEqualTo("SELECT 2");
        assertThat(outcome.rows()).isEqualTo(2);
        Policy.await(gateway.policy.closings::peek, "the end");
    }

    @Test
    void refused() {
        gateway.policy.rule = command -> Policy.refuse(Verdict.Cause.POLICY);
        assertThat(gateway.psql("-Atc", "DROP TABLE orders -- never"))
                .contains("ERROR:  42501: Tables are never dropped here.")
                .contains("DETAIL:  Rule no-drops (shop.yaml:12)")
                .contains("HINT:  Ask the owner.");
        assertThat(TARGET.received("-- never")).isFalse();
    }

    @Test
    void heldAndApproved() throws Exception {
        gateway.policy.rule = command -> Policy.hold();
        Process psql = gateway.startPsql("-c", "DELETE FROM orders WHERE id = 7 -- approved");
        var printed = psql.inputReader();
        assertThat(printed.readLine())
                .contains("NOTICE:  00000: held for approval, request 4711, http://console.test/requests/4711");
        assertThat(TARGET.received("-- approved")).isFalse();
        Command held = gateway.awaitHeld("DELETE");
        assertThat(gateway.release(held, Policy.PERMIT)).isTrue();
        assertThat(printed.lines().toList()).contains("DELETE 1");
        assertThat(gateway.release(held, Policy.PERMIT)).isFalse();
        assertThat(TARGET.ask("SELECT count(*) FROM orders")).isEqualTo("1");
    }
}
