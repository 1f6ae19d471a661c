package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TheWriterKeepsItsTurnTest {

    private static final Entry ENTRY = Entry.of("test", Instant.EPOCH, json -> json.text("text", "x"));

    private final JdbcDataSource source = new JdbcDataSource();
    private final TestStore store;
    private final SharedStore shared;

    TheWriterKeepsItsTurnTest() {
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        store = new TestStore(source.getURL());
        shared = new SharedStore(store, () -> {});
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whereNobodyAsksForAnything() throws Exception {
        try (TestLedger ledger = new TestLedger(shared)) {
            long before = beats();
            ledger.committer().watch();
            awaitBeatAfter(before);
        }
    }

    /** Whoever watched for five such moments would take the turn from a gateway that is only busy. */
    @Test
    void andWhereABlockIsBeingWrittenWheneverItIsTime() throws Exception {
        try (TestLedger ledger = new TestLedger(shared)) {
            long before = beats();
            store.hang();
            CompletableFuture<Integer> busy = ledger.committer().append(ENTRY, 1);
            while (!store.isWaitedFor()) {
                Thread.onSpinWait();
            }
            CompletableFuture<Integer> next = ledger.committer().append(ENTRY, 2);
            ledger.committer().watch();
            ledger.committer().watch();
            store.plugIn();
            busy.get();
            next.get();
            ledger.committer().append(ENTRY, 3).get();
            assertThat(beats()).isEqualTo(before + 1);
        }
    }

    @Test
    void aNewerGatewayLeavesTheTablesOfOneThatRunsAsTheyAre() throws Exception {
        takeTheTurn();
        forgetTheNewestMigration();

        assertThatThrownBy(() -> Schema.migrate(source, writtenTo(), Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another gateway writes to this store");

        // Nobody writes any more: now it is tried, and fails at what is there already.
        assertThatThrownBy(() -> Schema.migrate(source, shared, Duration.ZERO)).hasMessageContaining("already exists");
    }

    @Test
    void andDoesNotWatchItWhereTheyNeedNotChange() throws Exception {
        takeTheTurn();
        assertThat(Schema.migrate(source, writtenTo(), Duration.ofDays(1))).isNotEmpty();
    }

    /** The death of the thread is no stop: who asks must hear what to do. */
    @Test
    void ifItsThreadDiesWhoeverWaitsIsToldWhatItDiedOf() throws Exception {
        AtomicBoolean dies = new AtomicBoolean();
        Runnable death = () -> {
            if (dies.get()) {
                throw new OutOfMemoryError("on purpose");
            }
        };
        try (TestLedger ledger = new TestLedger(new SharedStore(store, death))) {
            dies.set(true);
            CompletableFuture<Integer> waits = ledger.committer().append(ENTRY, 1);
            assertThatThrownBy(waits::get)
                    .hasMessageContaining("OutOfMemoryError: on purpose")
                    .hasMessageContaining("restart");
            ledger.committer().close().join();
            assertThatThrownBy(() -> ledger.committer().append(ENTRY, 2).join())
                    .hasMessageContaining("OutOfMemoryError: on purpose");
            assertThat(ledger.failures).hasValue(1);
        }
    }

    private void takeTheTurn() {
        store.transaction(em -> {
            new WriterTurn().take(em);
            return true;
        });
    }

    /** Its writer beats between any two looks at it. */
    private Store writtenTo() {
        return new SharedStore(
                store,
                () -> store.transaction(em -> em.createNativeQuery("UPDATE ledger_writer SET beat = beat + 1")
                        .executeUpdate()));
    }

    private long beats() {
        return store.transaction(WriterTurn::look).count();
    }

    private void awaitBeatAfter(long before) {
        while (beats() == before) {
            assertThat(Thread.interrupted()).as("time is over").isFalse();
        }
    }

    private void forgetTheNewestMigration() throws SQLException {
        try (Connection connection = source.getConnection()) {
            assertThat(connection
                            .createStatement()
                            .executeUpdate("DELETE FROM \"flyway_schema_history\" WHERE \"installed_rank\" ="
                                    + " (SELECT MAX(\"installed_rank\") FROM \"flyway_schema_history\")"))
                    .isEqualTo(1);
        }
    }
}
