package io.countersign.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.ledger.Entry;
import io.countersign.ledger.TestStore;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ASessionsEntriesAreFoundBySpansTest {

    private static final Instant NOON = Instant.parse("2026-05-04T12:00:00Z");

    private final TestStore store = new TestStore();
    private final Spans spans = new Spans(store);

    @BeforeEach
    void theEmptyLedgerIsRead() {
        spans.write();
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatFollowsSoonExtendsTheSpan() {
        happened(0, "session-opened");
        happened(1, "command");
        assertThat(rows()).containsExactly("0 to 1, 1 commands");
    }

    @Test
    void nothingOfASessionIsKeptInMemoryOnceItIsOver() {
        happened(0, "session-opened");
        happened(1, "session-closed");
        happened(2, "outcome");
        assertThat(rows()).containsExactly("0 to 1, 0 commands", "2 to 2, 0 commands");
    }

    private void happened(long place, String type) {
        spans.committed(place, List.of(Entry.of(type, NOON, "s", json -> {})));
        spans.write();
    }

    private List<String> rows() {
        return store.aside(em -> {
            List<?> rows = em.createNativeQuery(
                            "SELECT first_block || ' to ' || last_block || ', ' || commands || ' commands'"
                                    + " FROM session_span WHERE session_id = 's' ORDER BY first_block")
                    .getResultList();
            return rows.stream().map(String::valueOf).toList();
        });
    }
}
