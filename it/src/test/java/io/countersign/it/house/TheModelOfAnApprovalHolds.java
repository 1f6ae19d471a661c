package io.countersign.it.house;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Program;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Request, votes, expiry, crash, take-over and release in every order, by spin ({@code it/model/approval.pml}). Whoever
 * changes a step of {@code approval} or of the committer changes its step in the model with it.
 */
class TheModelOfAnApprovalHolds {

    @Test
    void inEveryOrderAndWithoutAnyOfItsGuardsItDoesNot() {
        Program spin = Program.start(List.of("model/run"), Map.of());

        Program.Result result = spin.await(Duration.ofMinutes(10));

        assertThat(result.status()).as(result.out() + result.err()).isZero();
        assertThat(result.out())
                .contains("approval         holds")
                .contains("without-QUORUM")
                .contains("without-DURABILITY");
    }
}
