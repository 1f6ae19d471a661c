package io.countersign.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.ledger.Verifier.Finding;
import io.countersign.ledger.Work.Written;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class WhoeverAppendsIsAnsweredOnceItIsStoredTest {

    @TempDir
    private Path folder;

    private final TestStore store = new TestStore();
    private TestLedger ledger;

    @BeforeEach
    void open() throws Exception {
        ledger = new TestLedger(store);
    }

    @AfterEach
    void close() throws Exception {
        ledger.close();
        store.close();
    }

    @Test
    void whatGathersBehindASlowBlockIsStoredTogether() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<String> slow = ledger.committer().submit(em -> {
            busy.countDown();
            await(go);
            return Written.of("done", entry("slow"));
        });
        busy.await();
        List<CompletableFuture<Integer>> all = IntStream.range(0, 1_000)
                .mapToObj(i -> ledger.committer().append(entry("entry " + i), i))
                .toList();
        go.countDown();
        assertThat(slow.get()).isEqualTo("done");
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();

        assertThat(ledger.blocks).containsExactly(1, 512, 488);
        assertThat(texts().subList(1, 1_001))
                .isEqualTo(IntStream.range(0, 1_000).mapToObj(i -> "entry " + i).toList());
    }

    @Test
    void whatOnlyHasToBeToldComesBeforeWhatFollowsItAndInItsBlock() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ledger.committer().submit(em -> {
            busy.countDown();
            await(go);
            return Written.of(true);
        });
        busy.await();
        CompletableFuture<Integer> earlier = ledger.committer().append(entry("earlier"), 1);
        CompletableFuture<Boolean> told = ledger.committer().note(entry("told"));
        CompletableFuture<Integer> later = ledger.committer().append(entry("later"), 2);
        go.countDown();
        CompletableFuture.allOf(earlier, told, later).get();

        assertThat(ledger.blocks).containsExactly(3);
        assertThat(texts()).containsExactly("told", "earlier", "later");
    }

    @Test
    void whatOnlyHasToBeToldIsStoredAlsoWhereNothingFollowsIt() throws Exception {
        assertThat(ledger.committer().note(entry("told")).get()).isTrue();
        assertThat(texts()).containsExactly("told");
    }

    @Test
    void theStoredBlocksAreWhatTheHeadSays() throws Exception {
        for (int i = 0; i < 20; i++) {
            ledger.committer().append(entry("entry " + i), i).get();
        }
        SigningKey key = SigningKey.at(folder.resolve("key"), "test.example/ledger");
        String note = new Checkpoint(
                        "test.example/ledger", 20, ledger.committer().head().root())
                .signed(key);

        Finding finding = new Verifier(VerifierKey.parse(key.verifierKey().toString())).verify(blocks(), List.of(note));

        assertThat(finding).isInstanceOfSatisfying(Finding.Sound.class, sound -> {
            assertThat(sound.size()).isEqualTo(20);
            assertThat(sound.root()).isEqualTo(ledger.committer().head().root());
            assertThat(sound.heads()).isEqualTo(1);
        });
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aChangedEntryAMissingBlockAndACutEndAreFound() throws Exception {
        for (int i = 0; i < 3; i++) {
            ledger.committer().append(entry("entry " + i), i).get();
        }
        SigningKey key = SigningKey.at(folder.resolve("key"), "test.example/ledger");
        String note = new Checkpoint(
                        "test.example/ledger", 3, ledger.committer().head().root())
                .signed(key);
        Verifier verifier = new Verifier(key.verifierKey());
        List<Block> blocks = blocks();

        assertThat(verifier.verify(List.of(blocks.get(0), blocks.get(2)), List.of(note)))
                .isInstanceOfSatisfying(
                        Finding.Broken.class, broken -> assertThat(broken.seq()).isEqualTo(1));
        assertThat(verifier.verify(blocks.subList(0, 2), List.of(note)))
                .isInstanceOfSatisfying(
                        Finding.Broken.class, broken -> assertThat(broken.seq()).isEqualTo(2));
        assertThat(verifier.verify(blocks, List.of(note.replace("\n3\n", "\n2\n"))))
                .isInstanceOf(Finding.Broken.class);

        // Somebody with the store's password rewrites history, roots and all, but has not the key.
        Frontier forged = new Frontier();
        Packing packing = new Packing();
        List<Block> rewritten = new ArrayList<>();
        for (String text : List.of("entry 0", "forged", "entry 2")) {
            Entry entry = entry(text);
            rewritten.add(Block.after(forged, List.of(entry.json()), List.of(entry.leaf()), Instant.EPOCH, packing));
        }
        assertThat(verifier.verify(rewritten, List.of(note)))
                .isInstanceOfSatisfying(
                        Finding.Broken.class,
                        broken -> assertThat(broken.reason()).contains("another root"));
    }

    @Test
    void ifTheStoreFailsAllWhoWaitAreRefusedAndServiceResumesByItself() throws Exception {
        ledger.committer().append(entry("before"), 0).get();
        store.pullThePlug();
        List<CompletableFuture<Integer>> all = IntStream.range(0, 50)
                .mapToObj(i -> ledger.committer().append(entry("lost " + i), i))
                .toList();
        for (CompletableFuture<Integer> one : all) {
            assertThatThrownBy(() -> one.get(1, TimeUnit.SECONDS)).hasCauseInstanceOf(LedgerUnavailable.class);
        }
        assertThat(ledger.committer().failure()).isNotNull();
        assertThat(ledger.failures).hasValue(1);

        store.plugIn();
        ledger.awaitRecovery();
        ledger.committer().append(entry("after"), 0).get();
        assertThat(texts()).containsExactly("before", "after");
        assertThat(ledger.committer().failure()).isNull();
        assertThat(ledger.recoveries).hasValue(1);
    }

    @Test
    void aCommitWhoseAnswerWasLostIsFoundAgainAndTheLedgerDoesNotFork() throws Exception {
        store.loseAnswers();
        CompletableFuture<Integer> unsure = ledger.committer().append(entry("unsure"), 0);
        assertThatThrownBy(unsure::join).isInstanceOf(CompletionException.class);
        store.plugIn();
        ledger.awaitRecovery();
        ledger.committer().append(entry("sure"), 0).get();
        assertThat(texts()).containsExactly("unsure", "sure");
        assertThat(new Verifier(SigningKey.at(folder.resolve("key"), "k").verifierKey()).verify(blocks(), List.of()))
                .isInstanceOf(Finding.Sound.class);
    }

    @Test
    void oneWorkThatFailsFailsAlone() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        ledger.committer().submit(em -> {
            busy.countDown();
            await(go);
            return Written.of(true);
        });
        busy.await();
        CompletableFuture<Integer> first = ledger.committer().append(entry("first"), 1);
        CompletableFuture<Integer> bad = ledger.committer().submit(em -> {
            throw new IllegalStateException("bad");
        });
        CompletableFuture<Integer> worse = ledger.committer().submit(em -> {
            em.createNativeQuery("INSERT INTO projection (name, through) VALUES ('session_span', 1)")
                    .executeUpdate();
            return Written.of(2);
        });
        CompletableFuture<Integer> last = ledger.committer().submit(em -> Written.of(3, entry("last")));
        go.countDown();

        assertThat(first.get()).isEqualTo(1);
        assertThat(last.get()).isEqualTo(3);
        assertThatThrownBy(bad::join)
                .hasCauseInstanceOf(LedgerUnavailable.class)
                .hasRootCauseMessage("bad");
        assertThatThrownBy(worse::join).hasCauseInstanceOf(LedgerUnavailable.class);
        assertThat(texts()).containsExactly("first", "last");
        assertThat(ledger.failures).hasValue(0);
    }

    @Test
    void anotherProcessThatTakesTheStoreOverShutsThisOneOut() throws Exception {
        ledger.committer().append(entry("old"), 0).get();
        try (TestLedger other = new TestLedger(store)) {
            other.committer().append(entry("new"), 0).get();
            assertThatThrownBy(() -> ledger.committer().append(entry("fork"), 0).join())
                    .hasMessageContaining("cannot be written");
            // It tries again by itself, and then looks whose turn it is.
            while (!(ledger.committer().failure() instanceof WriterTurn.TurnLost)) {
                Thread.onSpinWait();
            }
            assertThatThrownBy(() -> ledger.committer().append(entry("fork"), 0).join())
                    .hasMessageContaining("another gateway has taken over");
            other.committer().append(entry("newer"), 0).get();
        }
        assertThat(texts()).containsExactly("old", "new", "newer");
    }

    @Test
    void andAtOnceWhereMoreThanTheLedgersEndWouldChange() throws Exception {
        ledger.committer().append(entry("old"), 0).get();
        try (TestLedger other = new TestLedger(store)) {
            other.committer().append(entry("new"), 0).get();
            assertThatThrownBy(() -> ledger.committer()
                            .submit(em -> Written.of(0, entry("fork")))
                            .join())
                    .hasMessageContaining("another gateway has taken over");
        }
        assertThat(texts()).containsExactly("old", "new");
    }

    @Test
    void aRestartContinuesWhereTheLastOneEnded() throws Exception {
        ledger.committer().append(entry("one"), 0).get();
        ledger.close();
        ledger = new TestLedger(store);
        ledger.committer().append(entry("two"), 0).get();
        assertThat(ledger.committer().head().size()).isEqualTo(2);
        assertThat(texts()).containsExactly("one", "two");
    }

    @Test
    void whoeverComesAfterTheEndIsRefused() throws Exception {
        ledger.close();
        assertThatThrownBy(() -> ledger.committer().append(entry("late"), 0).join())
                .hasMessageContaining("stopping");
    }

    private List<Block> blocks() {
        return store.transaction(em -> Blocks.from(em, 0, 10_000));
    }

    private List<String> texts() {
        return blocks().stream()
                .flatMap(block -> block.entries().stream())
                .map(json -> new String(json, StandardCharsets.UTF_8))
                .map(json -> json.replaceAll(".*\"text\":\"(.*)\"}", "$1"))
                .toList();
    }

    private static Entry entry(String text) {
        return Entry.of("test", Instant.EPOCH, json -> json.text("text", text));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
