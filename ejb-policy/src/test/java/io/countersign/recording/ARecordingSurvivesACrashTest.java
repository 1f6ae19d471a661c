package io.countersign.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.Frame;
import io.countersign.api.Frame.Direction;
import io.countersign.api.SessionId;
import io.countersign.recording.RecordingFile.Content;
import io.countersign.recording.RecordingFile.Summary;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ARecordingSurvivesACrashTest {

    private static final SessionId SESSION = SessionId.parse("01890a5d-ac96-774b-bcce-b302099a8057");

    @TempDir
    private Path folder;

    private final ExecutorService writers = Executors.newFixedThreadPool(2);

    @AfterEach
    void stop() throws Exception {
        writers.shutdown();
        assertThat(writers.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void itLiesInTheFolderOfTheSessionsDayAndOnlyTheGatewayReadsIt() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        tapes.append(SESSION, List.of(frame(1, "x")));
        tapes.close(SESSION).get();
        Path file = folder.resolve("2023-06-30").resolve(SESSION + ".rec");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void framesReadBackInOrderAndTheSummaryIsTheirs() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        List<Frame> frames = new ArrayList<>();
        List<CompletableFuture<Void>> stages = new ArrayList<>();
        for (int i = 1; i <= 500; i++) {
            Frame frame = frame(i, "frame " + i);
            frames.add(frame);
            stages.add(tapes.append(SESSION, List.of(frame)));
            if (i % 50 == 0) {
                tapes.turn();
            }
        }
        Optional<Summary> summary = tapes.close(SESSION).get();
        CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new)).get();

        Content content = read();
        assertThat(texts(content))
                .isEqualTo(
                        frames.stream().map(ARecordingSurvivesACrashTest::text).toList());
        assertThat(content.frames().get(41).at()).isEqualTo(Duration.ofMillis(42));
        assertThat(content.frames().get(41).command()).isEqualTo(42);
        assertThat(content.frames().get(41).direction()).isEqualTo(Direction.TO_CLIENT);
        assertThat(content.whole()).isTrue();
        assertThat(summary).contains(content.summary());
        assertThat(content.summary().bytes()).isEqualTo(Files.size(RecordingFile.path(folder, SESSION)));
    }

    @Test
    void whatWasWrittenReadsBackWhileTheSessionRuns() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(1, "first")));
        tapes.turn();
        stage.get();
        assertThat(texts(read())).containsExactly("first");
        tapes.close(SESSION).get();
    }

    @Test
    void whereverItIsCutEverythingBeforeTheLastChunkReadsBack() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        List<Long> ends = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(i, "chunk " + i)));
            tapes.turn();
            stage.get();
            ends.add(Files.size(RecordingFile.path(folder, SESSION)));
        }
        tapes.close(SESSION).get();
        byte[] whole = Files.readAllBytes(RecordingFile.path(folder, SESSION));
        int head = "countersign-recording 1\n".length() + SESSION.toString().length() + 1;
        for (int cut = head; cut < whole.length; cut++) {
            Files.write(RecordingFile.path(folder, SESSION), Arrays.copyOf(whole, cut));
            int length = cut;
            long chunks = ends.stream().filter(end -> end <= length).count();
            Content content = read();
            assertThat(content.frames()).hasSize((int) chunks);
            assertThat(content.whole()).isEqualTo(ends.contains((long) cut) || cut == head);
        }
    }

    @Test
    void aChangedByteIsNoticedAndNothingAfterItIsBelieved() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        for (int i = 1; i <= 3; i++) {
            CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(i, "chunk " + i)));
            tapes.turn();
            stage.get();
        }
        tapes.close(SESSION).get();
        Path file = RecordingFile.path(folder, SESSION);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        Content content = read();
        assertThat(content.whole()).isFalse();
        assertThat(content.frames()).hasSizeLessThan(3);
    }

    @Test
    void aFrameLargerThanAChunkIsCutAndItsBytesAreTheSame() throws Exception {
        byte[] large = new byte[3 * Chunk.MOST_BYTES + 17];
        new Random(1).nextBytes(large);
        Tapes tapes = new Tapes(folder, writers);
        tapes.append(SESSION, List.of(new Frame(Duration.ZERO, Direction.TO_CLIENT, 1, large), frame(2, "")));
        tapes.close(SESSION).get();
        Content content = read();
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (Frame frame : content.frames()) {
            joined.write(frame.bytes());
        }
        assertThat(joined.toByteArray()).isEqualTo(large);
        assertThat(content.frames().getLast().command()).isEqualTo(2);
        assertThat(content.summary().chunks()).isEqualTo(4);
    }

    @Test
    void noMoreIsReadThanAsked() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        for (int i = 1; i <= 3; i++) {
            CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(i, "x".repeat(1_000))));
            tapes.turn();
            stage.get();
        }
        tapes.close(SESSION).get();
        Content content = RecordingFile.read(RecordingFile.path(folder, SESSION), SESSION, 2_500);
        assertThat(content.frames()).hasSize(2);
        assertThat(content.whole()).isFalse();
    }

    @Test
    void ifTheDiskFailsWhoeverRecordsIsToldAndNothingMoreIsTaken() throws Exception {
        Path notAFolder = Files.createFile(folder.resolve("file"));
        Tapes tapes = new Tapes(notAFolder, writers);
        CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(1, "x")));
        tapes.turn();
        assertThatThrownBy(stage::get).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> tapes.append(SESSION, List.of(frame(2, "y"))).get())
                .hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> tapes.close(SESSION).get()).hasCauseInstanceOf(IOException.class);
    }

    /** A file system that was closed says so by no {@link IOException}. */
    @Test
    void whateverElseFailsWhoeverRecordsIsToldAsWell() throws Exception {
        FileSystem closed = FileSystems.newFileSystem(folder.resolve("a.zip"), Map.of("create", "true"));
        Tapes tapes = new Tapes(closed.getPath("/"), writers);
        closed.close();
        CompletableFuture<Void> stage = tapes.append(SESSION, List.of(frame(1, "x")));
        tapes.turn();
        assertThatThrownBy(() -> stage.get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
        assertThatThrownBy(() -> tapes.close(SESSION).get(5, TimeUnit.SECONDS)).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aSessionThatSaidNothingHasNoFile() throws Exception {
        Tapes tapes = new Tapes(folder, writers);
        tapes.append(SESSION, List.of());
        assertThat(tapes.close(SESSION).get()).isEmpty();
        assertThat(RecordingFile.path(folder, SESSION)).doesNotExist();
    }

    private Content read() throws IOException {
        return RecordingFile.read(RecordingFile.path(folder, SESSION), SESSION, Long.MAX_VALUE);
    }

    private static Frame frame(int number, String text) {
        return new Frame(Duration.ofMillis(number), Direction.TO_CLIENT, number, text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> texts(Content content) {
        return content.frames().stream().map(ARecordingSurvivesACrashTest::text).toList();
    }

    private static String text(Frame frame) {
        return new String(frame.bytes(), StandardCharsets.UTF_8);
    }
}
