package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ledger.Verifier.Finding;
import io.countersign.ledger.Work.Written;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class WhatTheJournalHoldsIsNotLostTest {

    @TempDir
    private Path folder;

    private final TestStore store = new TestStore();
    private final ExecutorService storing = Executors.newSingleThreadExecutor();

    @AfterEach
    void close() {
        storing.shutdown();
        store.close();
    }

    @Test
    void entriesAreOnDiskBeforeTheStoreHasThemAndInTheStoreSoonAfter() throws Exception {
        try (TestLedger ledger = open("journal")) {
            int before = store.transactions();
            ledger.committer().append(entry("one"), 0).get();
            assertThat(store.transactions()).isEqualTo(before);
            assertThat(copy("journal")).containsExactly("one");
            while (ledger.blocks.isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(texts()).containsExactly("one");
            assertThat(ledger.committer().head().size()).isEqualTo(1);
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("journal"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aStartAfterACrashTakesOverWhatTheStoreHadNotGot() throws Exception {
        crash("journal", 0, List.of("one", "two"), List.of("three"));
        try (TestLedger ledger = open("journal")) {
            assertThat(texts()).containsExactly("one", "two", "three");
            ledger.committer().append(entry("four"), 0).get();
        }
        assertThat(texts()).containsExactly("one", "two", "three", "four");
        assertSound();
    }

    @ParameterizedTest
    @CsvSource({"journal, journal.2", "journal.2, journal"})
    void bothJournalsAreTakenOverInTheLedgersOrder(String older, String newer) throws Exception {
        crash(older, 0, List.of("one", "two"));
        crash(newer, 2, List.of("three"), List.of("four"));
        open("journal").close();
        assertThat(texts()).containsExactly("one", "two", "three", "four");
        open("journal").close();
        assertThat(texts()).hasSize(4);
        assertSound();
    }

    @Test
    void anOldJournalsPlaceIsNotTakenForANewOnes() throws Exception {
        crash("journal.2", 0, List.of("one"));
        crash("journal", 2, List.of("three"));
        assertThatThrownBy(() -> open("journal")).hasMessageContaining("restore the store");
    }

    @Test
    void nobodyWaitsWhileTheStoreTakesOver() throws Exception {
        try (TestLedger ledger = open("journal")) {
            store.hang();
            ledger.committer().append(entry("one"), 0).get();
            while (!store.isWaitedFor()) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 50; i++) {
                ledger.committer().append(entry("more " + i), i).get();
            }
            CompletableFuture<Boolean> settled = ledger.committer().settle();
            assertThat(settled).isNotDone();
            assertThat(texts()).isEmpty();
            store.plugIn();
            settled.get();
            assertThat(texts()).startsWith("one", "more 0", "more 1").hasSize(51);
        }
        assertSound();
    }

    @Test
    void aStoreThatHangsWhileItTakesOverRefusesWhoeverComesUntilItDoesNot() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-02T12:00:00Z"));
        Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
        try (TestLedger ledger = new TestLedger(store, clock, new Journals(folder.resolve("journal"), storing))) {
            store.hang();
            ledger.committer().append(entry("one"), 0).get();
            until(store::isWaitedFor);
            now.set(now.get().plus(Committer.PATIENCE));
            ledger.committer().append(entry("two"), 0).get();

            now.set(now.get().plusMillis(1));
            until(() -> ledger.failures.get() > 0);
            assertThatThrownBy(
                            () -> ledger.committer().append(entry("refused"), 0).join())
                    .hasCauseInstanceOf(LedgerUnavailable.class);
            assertThat(ledger.committer().failure())
                    .hasRootCauseMessage(
                            "the store has not taken over what is on the journal for 5 s: perhaps its disk hangs");

            store.plugIn();
            ledger.awaitRecovery();
            ledger.committer().append(entry("three"), 0).get();
            assertThat(ledger.failures).hasValue(1);
        }
        assertThat(texts()).containsExactly("one", "two", "three");
        assertSound();
    }

    @Test
    void aBatchThatIsNotWholeWasNeverAnsweredAndIsLeftOut() throws Exception {
        crash("journal", 0, List.of("one", "two"), List.of("torn"));
        try (FileChannel file = FileChannel.open(folder.resolve("journal"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {'?'}), 4096 + 30);
        }
        open("journal").close();
        assertThat(texts()).containsExactly("one", "two");
    }

    @Test
    void whatTheStoreHasAlreadyIsNotTakenTwice() throws Exception {
        try (TestLedger ledger = open("first")) {
            ledger.committer().append(entry("one"), 0).get();
            ledger.committer().append(entry("two"), 0).get();
        }
        crash("journal", 0, List.of("one"), List.of("two", "three"));
        open("journal").close();
        assertThat(texts()).containsExactly("one", "two", "three");
        assertSound();
    }

    @Test
    void oldBatchesBehindTheNewOnesAreNotReadAgain() throws Exception {
        try (Journal journal = new Journal(folder.resolve("journal"))) {
            journal.append(0, List.of(entry("one")));
            journal.append(1, List.of(entry("two")));
            journal.append(2, List.of(entry("three")));
            journal.clear();
            journal.append(3, List.of(entry("four")));
        }
        assertThat(copy("journal")).containsExactly("four");
    }

    @Test
    void aCommitWhoseAnswerWasLostIsNotRepeated() throws Exception {
        try (TestLedger ledger = open("journal")) {
            ledger.committer().append(entry("one"), 0).get();
            store.loseAnswers();
            while (ledger.failures.get() == 0) {
                Thread.onSpinWait();
            }
            store.plugIn();
            ledger.awaitRecovery();
            ledger.committer().append(entry("two"), 0).get();
        }
        assertThat(texts()).containsExactly("one", "two");
        assertSound();
    }

    @Test
    void aStoreThatFailsRefusesWhoeverComesAndLosesNothing() throws Exception {
        try (TestLedger ledger = open("journal")) {
            store.pullThePlug();
            ledger.committer().append(entry("one"), 0).get();
            while (ledger.failures.get() == 0) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(
                            () -> ledger.committer().append(entry("refused"), 0).join())
                    .hasCauseInstanceOf(LedgerUnavailable.class);
            store.plugIn();
            ledger.awaitRecovery();
            assertThat(texts()).containsExactly("one");
        }
    }

    @Test
    void workComesAfterWhatTheJournalHolds() throws Exception {
        try (TestLedger ledger = open("journal")) {
            ledger.committer().append(entry("one"), 0).get();
            ledger.committer().submit(em -> Written.of(0, entry("two"))).get();
            assertThat(texts()).containsExactly("one", "two");
            ledger.committer().append(entry("three"), 0).get();
            ledger.committer().settle().get();
            assertThat(texts()).containsExactly("one", "two", "three");
        }
        assertSound();
    }

    @Test
    void whatDoesNotFitGoesToTheStoreAtOnce() throws Exception {
        String large = "x".repeat(Journal.SIZE);
        try (TestLedger ledger = open("journal")) {
            ledger.committer().append(entry(large), 0).get();
            ledger.committer().append(entry("two"), 0).get();
            ledger.committer().append(entry(large), 0).get();
            assertThat(texts()).containsExactly(large, "two", large);
            IntStream.range(0, 3_000)
                    .mapToObj(i -> ledger.committer().append(entry("y".repeat(4096)), i))
                    .toList()
                    .getLast()
                    .get();
        }
        assertThat(texts()).hasSize(3_003);
        assertSound();
    }

    @Test
    void oneJournalServesOneGateway() throws Exception {
        try (TestLedger ledger = open("journal")) {
            assertThat(ledger.committer().failure()).isNull();
            assertThatThrownBy(() -> open("journal")).hasMessageContaining("another gateway has");
        }
    }

    @Test
    void aStoreThatHasLostItsEndIsNotWrittenOn() throws Exception {
        crash("journal", 7, List.of("eight"));
        assertThatThrownBy(() -> open("journal")).hasMessageContaining("restore the store");
    }

    @Test
    void norIsOneThatSomebodyElseHasContinued() throws Exception {
        try (TestLedger ledger = open("another")) {
            ledger.committer().append(entry("one"), 0).get();
            ledger.committer().append(entry("theirs"), 0).get();
        }
        crash("journal", 0, List.of("one", "ours"));
        assertThatThrownBy(() -> open("journal")).hasMessageContaining("restore the store");
        assertThat(texts()).containsExactly("one", "theirs");
    }

    /** The class's time limit ends it, too. */
    private static void until(BooleanSupplier there) throws InterruptedException {
        while (!there.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException("it has not come to that in time");
            }
            Thread.onSpinWait();
        }
    }

    private TestLedger open(String name) throws InterruptedException {
        return new TestLedger(store, Clock.systemUTC(), new Journals(folder.resolve(name), storing));
    }

    /** The journal that a gateway leaves which recorded these and was killed. */
    @SafeVarargs
    private void crash(String name, long first, List<String>... batches) {
        try (Journal journal = new Journal(folder.resolve(name))) {
            long place = first;
            for (List<String> batch : batches) {
                journal.append(
                        place,
                        batch.stream()
                                .map(WhatTheJournalHoldsIsNotLostTest::entry)
                                .toList());
                place += batch.size();
            }
        }
    }

    /** What a start after a crash at this moment would find. */
    private List<String> copy(String name) throws IOException {
        Path copy = folder.resolve("copy");
        Files.copy(folder.resolve(name), copy);
        try (Journal journal = new Journal(copy)) {
            return journal.entries().stream()
                    .map(Entry::json)
                    .map(WhatTheJournalHoldsIsNotLostTest::text)
                    .toList();
        }
    }

    private void assertSound() throws Exception {
        SigningKey key = SigningKey.at(folder.resolve("key"), "test.example/ledger");
        assertThat(new Verifier(key.verifierKey()).verify(blocks(), List.of())).isInstanceOf(Finding.Sound.class);
    }

    private List<Block> blocks() {
        return store.transaction(em -> Blocks.from(em, 0, 10_000));
    }

    private List<String> texts() {
        return blocks().stream()
                .flatMap(block -> block.entries().stream())
                .map(WhatTheJournalHoldsIsNotLostTest::text)
                .toList();
    }

    private static String text(byte[] json) {
        String whole = new String(json, StandardCharsets.UTF_8);
        return whole.substring(whole.indexOf("\"text\":\"") + 8, whole.length() - 2);
    }

    private static Entry entry(String text) {
        return Entry.of("test", Instant.EPOCH, json -> json.text("text", text));
    }
}
