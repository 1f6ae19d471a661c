package io.countersign.recording;

import io.countersign.api.Frame;
import io.countersign.api.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * One session's recording on disk: a head that names the session, then chunks. Written by one thread at a time, and forced to
 * disk with whatever is appended, so that after any crash all but perhaps what came last reads back.
 */
public final class RecordingFile implements AutoCloseable {

    private final FileChannel channel;
    private final Chain chain;
    private long bytes;
    private long chunks;

    /**
     * What a recording came to.
     *
     * @param bytes on disk
     * @param hash  of the chain's end, 64 hexadecimal digits
     */
    public record Summary(long bytes, long chunks, String hash) {}

    private RecordingFile(FileChannel channel, Chain chain, long bytes) {
        this.channel = channel;
        this.chain = chain;
        this.bytes = bytes;
    }

    /** Folders by day, so that old ones can be moved away; a session's day is in its id (RFC 9562 §5.7). */
    public static Path path(Path folder, SessionId session) {
        Instant started = Instant.ofEpochMilli(session.value().getMostSignificantBits() >>> 16);
        return folder.resolve(started.atOffset(ZoneOffset.UTC).toLocalDate().toString())
                .resolve(session + ".rec");
    }

    static RecordingFile create(Path file, SessionId session) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("no folder for " + file);
        }
        FileAttribute<?> folders = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        FileAttribute<?> files = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, folders);
        }
        FileChannel channel =
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), files);
        byte[] head = head(session);
        RecordingFile recording = new RecordingFile(channel, new Chain(head), head.length);
        recording.put(ByteBuffer.wrap(head));
        return recording;
    }

    void append(List<Frame> frames, Packer packer) throws IOException {
        for (List<Frame> chunk : Chunk.cut(frames)) {
            ByteBuffer packed = packer.pack(chunk, chain);
            bytes += packed.remaining();
            chunks++;
            put(packed);
        }
        channel.force(false);
    }

    Summary summary() {
        return new Summary(bytes, chunks, chain.end());
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void put(ByteBuffer rest) throws IOException {
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    private static byte[] head(SessionId session) {
        return ("countersign-recording 1\n" + session + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What can be read of a recording, from its start.
     *
     * @param frames  in order
     * @param summary over the chunks that were read
     * @param whole   false where something follows that is no chunk of this recording: a torn end after a crash, or damage
     */
    public record Content(List<Frame> frames, Summary summary, boolean whole) {}

    /**
     * @param most  bytes of frames to read at most; the rest is left out and the content not whole
     * @throws IOException where there is no such file, or it is no recording of this session
     */
    public static Content read(Path file, SessionId session, long most) throws IOException {
        byte[] head = head(session);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer start = ByteBuffer.allocate(head.length);
            fill(channel, start);
            if (!Arrays.equals(start.array(), head)) {
                throw new IOException(file + " is no recording of session " + session);
            }
            Chain chain = new Chain(head);
            List<Frame> frames = new ArrayList<>();
            Summary summary = new Summary(head.length, 0, chain.end());
            long room = most;
            ByteBuffer chunkHead = ByteBuffer.allocate(Chunk.HEAD);
            while (fill(channel, chunkHead.clear()) == Chunk.HEAD) {
                chunkHead.flip();
                int packedSize = chunkHead.getInt();
                int size = chunkHead.getInt();
                byte[] hash = Arrays.copyOfRange(chunkHead.array(), Chunk.HEAD - 32, Chunk.HEAD);
                if (packedSize < 0 || packedSize > 2 * Chunk.MOST_BYTES || size > room) {
                    return new Content(frames, summary, false);
                }
                ByteBuffer packed = ByteBuffer.allocate(packedSize);
                if (fill(channel, packed) < packedSize
                        || !Arrays.equals(hash, chain.next(chunkHead.slice(0, Chunk.HEAD - 32), packed.flip()))) {
                    return new Content(frames, summary, false);
                }
                frames.addAll(Chunk.read(packed.array(), size));
                room -= size;
                summary = new Summary(summary.bytes + Chunk.HEAD + packedSize, summary.chunks + 1, chain.end());
            }
            return new Content(frames, summary, chunkHead.position() == 0);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
    }

    private static int fill(FileChannel channel, ByteBuffer into) throws IOException {
        while (into.hasRemaining() && channel.read(into) >= 0) {
            continue;
        }
        return into.position();
    }
}
