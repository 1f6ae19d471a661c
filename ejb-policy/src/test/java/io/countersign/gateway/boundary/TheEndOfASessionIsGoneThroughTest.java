package io.countersign.gateway.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.SessionId;
import io.countersign.ledger.LedgerUnavailable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TheEndOfASessionIsGoneThroughTest {

    private static final SessionId SESSION = SessionId.parse("01890a5d-ac96-774b-bcce-b302099a8057");

    @Test
    void aStepThatTheStoreDoesNotTakeKeepsNoOtherFromBeingTaken() {
        List<String> taken = new ArrayList<>();
        Departures.eachOf(
                SESSION,
                () -> taken.add("its requests are abandoned"),
                () -> {
                    throw new LedgerUnavailable("the store cannot be written");
                },
                () -> taken.add("its recording is closed"));
        assertThat(taken).containsExactly("its requests are abandoned", "its recording is closed");
    }
}
