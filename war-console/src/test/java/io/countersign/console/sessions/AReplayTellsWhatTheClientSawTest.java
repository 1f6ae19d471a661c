package io.countersign.console.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Answer;
import io.countersign.console.sessions.Replay.Cell;
import io.countersign.console.sessions.Replay.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AReplayTellsWhatTheClientSawTest {

    private static final Duration AT = Duration.ofMillis(3);

    @Test
    void aResultIsATableThatEndsWithItsTag() {
        List<Result> results = Replay.results(List.of(
                new Answer.Asked(AT, 1, "SELECT …"),
                new Answer.Columns(AT, 1, List.of("name", "card")),
                new Answer.Row(AT, 1, Arrays.asList("Ada", null)),
                new Answer.Done(AT, 1, "SELECT 1")));

        assertThat(results).hasSize(1);
        Result result = results.getFirst();
        assertThat(result.columns()).containsExactly("name", "card");
        assertThat(result.rows()).containsExactly(List.of(new Cell("Ada", false), new Cell("NULL", true)));
        assertThat(result.tag()).isEqualTo("SELECT 1");
    }

    @Test
    void severalStatementsHaveSeveralResults() {
        List<Result> results = Replay.results(List.of(
                new Answer.Done(AT, 1, "BEGIN"),
                new Answer.Columns(AT, 1, List.of("n")),
                new Answer.Row(AT, 1, List.of("1")),
                new Answer.Done(AT, 1, "SELECT 1"),
                new Answer.Failed(AT, 1, "42501", "no")));

        assertThat(results).extracting(Result::tag).containsExactly("BEGIN", "SELECT 1", "");
        assertThat(results.getLast().code()).isEqualTo("42501");
    }

    @Test
    void aRecordingThatBreaksOffShowsWhatThereIs() {
        List<Result> results = Replay.results(
                List.of(new Answer.Notice(AT, 1, "held for approval"), new Answer.Columns(AT, 1, List.of("n"))));

        assertThat(results).hasSize(1);
        assertThat(results.getFirst().notices()).containsExactly("held for approval");
        assertThat(results.getFirst().tag()).isEmpty();
    }

    @Test
    void manyRowsAreCountedAndNotAllShown() {
        List<Answer> answers = new ArrayList<>(List.of(new Answer.Columns(AT, 1, List.of("n"))));
        for (int i = 0; i < Replay.ROWS + 7; i++) {
            answers.add(new Answer.Row(AT, 1, List.of(Integer.toString(i))));
        }
        Result result = Replay.results(answers).getFirst();
        assertThat(result.rows()).hasSize(Replay.ROWS);
        assertThat(result.hidden()).isEqualTo(7);
    }

    @Test
    void bulkDataIsJoinedAndCut() {
        Result result = Replay.results(List.of(
                        new Answer.Data(AT, 1, "1\tAda\n"),
                        new Answer.Data(AT, 1, "x".repeat(Replay.DATA)),
                        new Answer.Done(AT, 1, "COPY 2")))
                .getFirst();
        assertThat(result.data()).startsWith("1\tAda\n").endsWith("…").hasSize(Replay.DATA + 1);
    }
}
