package io.countersign.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.postgres.message.DataRow;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ASnapshotCountsForAWhileTest {

    private static final Duration REFRESH = Duration.ofMinutes(5);

    private final List<CompletableFuture<List<DataRow>>> asked = new ArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final Snapshots snapshots = new Snapshots("shop", this::ask, () -> now, failures::incrementAndGet);

    @Test
    void beforeTheFirstEverybodyWaits() {
        assertThat(snapshots.owes(REFRESH, 0)).isTrue();
        assertThat(snapshots.known(REFRESH)).isEqualTo(Known.MISSING);
        CompletableFuture<Void> one = snapshots.load().toCompletableFuture();
        CompletableFuture<Void> two = snapshots.load().toCompletableFuture();
        assertThat(asked).as("one question for both").hasSize(1);
        assertThat(one).isNotDone();

        answer(view("public", "v", "t"));

        assertThat(one).isCompleted();
        assertThat(two).isCompleted();
        assertThat(snapshots.owes(REFRESH, 0)).isFalse();
        assertThat(views()).containsOnlyKeys(List.of("public", "v"));
    }

    @Test
    void anOldOneIsRenewedWhileItStillCounts() {
        load(view("public", "v", "t"));
        long version = snapshots.known(REFRESH).version();
        now = now.plus(REFRESH).plusSeconds(1);
        assertThat(snapshots.owes(REFRESH, 0)).isFalse();
        assertThat(asked).hasSize(2);

        answer(view("public", "v", "t"));
        assertThat(snapshots.known(REFRESH).version()).as("nothing has changed").isEqualTo(version);

        now = now.plus(REFRESH).plusSeconds(1);
        snapshots.owes(REFRESH, 0);
        answer(view("public", "v", "u"));
        assertThat(snapshots.known(REFRESH).version()).isNotEqualTo(version);
    }

    @Test
    void aVeryOldOneCountsNoMore() {
        load(view("public", "v", "t"));
        now = now.plus(REFRESH.multipliedBy(Snapshots.KEPT)).plusSeconds(1);
        assertThat(snapshots.known(REFRESH)).isEqualTo(Known.MISSING);
        assertThat(snapshots.newest()).isInstanceOf(Known.Taken.class);
        assertThat(snapshots.owes(REFRESH, 0)).isTrue();
    }

    @Test
    void withoutAnAnswerTheLastOneCountsForAWhile() {
        load(view("public", "v", "t"));
        now = now.plus(REFRESH).plusSeconds(1);
        snapshots.owes(REFRESH, 0);
        fail();
        assertThat(failures).hasValue(1);
        assertThat(snapshots.known(REFRESH)).isInstanceOf(Known.Taken.class);
        snapshots.owes(REFRESH, 0);
        assertThat(asked).as("not again at once").hasSize(2);

        now = now.plus(REFRESH.multipliedBy(Snapshots.KEPT));
        assertThat(snapshots.known(REFRESH)).isEqualTo(Known.MISSING);
        assertThat(snapshots.owes(REFRESH, 0)).isTrue();
        snapshots.load();
        fail();
        assertThat(snapshots.owes(REFRESH, 0)).as("asked a moment ago").isFalse();
    }

    @Test
    void whoHasChangedSomethingWaitsForWhatIsAskedFromThenOn() {
        load(view("public", "v", "t"));
        now = now.plus(REFRESH).plusSeconds(1);
        snapshots.owes(REFRESH, 0);
        long change = snapshots.changed();
        assertThat(snapshots.owes(REFRESH, change)).isTrue();
        CompletableFuture<Void> mine = snapshots.load().toCompletableFuture();

        answer(view("public", "v", "t"));
        assertThat(mine).as("that was asked before the change").isNotDone();
        answer(view("public", "w", "t"));

        assertThat(mine).isCompleted();
        assertThat(snapshots.owes(REFRESH, change)).isFalse();
        assertThat(views()).containsOnlyKeys(List.of("public", "w"));
    }

    @Test
    void tooLargeACatalogueIsNoAnswer() {
        snapshots.load();
        DataRow row = view("public", "v", "t");
        answer(Stream.generate(() -> row).limit(SnapshotQuestion.MOST + 1L).toArray(DataRow[]::new));
        assertThat(snapshots.known(REFRESH)).isEqualTo(Known.MISSING);
        assertThat(failures).hasValue(1);
    }

    private Map<List<String>, Snapshot.View> views() {
        return ((Known.Taken) snapshots.known(REFRESH)).snapshot().views();
    }

    private CompletableFuture<List<DataRow>> ask(String question) {
        CompletableFuture<List<DataRow>> answer = new CompletableFuture<>();
        asked.add(answer);
        return answer;
    }

    private void load(DataRow... rows) {
        snapshots.load();
        answer(rows);
    }

    private void answer(DataRow... rows) {
        asked.getLast().complete(List.of(rows));
    }

    private void fail() {
        asked.getLast().completeExceptionally(new IllegalStateException("the target is away"));
    }

    private static DataRow view(String schema, String name, String reads) {
        return row("reads", schema, name, schema, reads);
    }

    private static DataRow row(String... values) {
        return new DataRow(Stream.of(values)
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toList());
    }
}
