package io.countersign.ledger;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * A file for entries that are on disk and not yet in the store: forcing one write costs a fraction of a transaction in an
 * embedded database. The store takes them over within a moment; a start after a crash reads them back.
 *
 * <p>Batches lie one after another, each with its length and CRC-32C (RFC 3720, appendix B.4), and say which entries of the
 * ledger they are. Once the store has them all the file is written from its start again, over what is there: its length
 * never changes, so that a forced write is one write. Of the old batches behind the new ones none can be taken for their
 * continuation, because the ledger has passed their places.
 *
 * <p>Used by one thread.
 */
public final class Journal implements AutoCloseable {

    /** Bytes of the file: what it takes before the store has to. */
    static final int SIZE = 8 << 20;

    /** Batches start at multiples of this or of the file system's block, as direct writes must. */
    private static final int SECTOR = 4096;

    // Of a batch: the bytes that it takes in the file, the checksum of what follows, the place of its first entry, the
    // bytes
    // of its entries, and these, each after its length.
    private static final int CHECKSUM = Integer.BYTES;
    private static final int PLACE = CHECKSUM + Integer.BYTES;
    private static final int LENGTH = PLACE + Long.BYTES;
    private static final int HEADER = LENGTH + Integer.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final int sector;
    private final ByteBuffer buffer;
    private final List<Entry> entries = new ArrayList<>();
    private long first;
    private int position;
    private long oldest;

    /**
     * Opens it, or makes it, readable by its owner only.
     *
     * @throws IllegalStateException where another process has it open
     * @throws UncheckedIOException where it cannot be opened, read or made
     */
    public Journal(Path file) {
        this.file = file;
        try {
            channel = open(file);
            sector = Math.max(SECTOR, (int) Files.getFileStore(file).getBlockSize());
            buffer = ByteBuffer.allocateDirect(SIZE + sector)
                    .alignedSlice(sector)
                    .slice(0, SIZE);
            lock();
            if (channel.size() < SIZE) {
                fill();
            }
            read();
        } catch (IOException e) {
            throw new UncheckedIOException("the ledger's journal " + file + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** What it holds, in the ledger's order. */
    List<Entry> entries() {
        return List.copyOf(entries);
    }

    int size() {
        return entries.size();
    }

    /** The place in the ledger of the first entry that it holds. */
    long first() {
        return first;
    }

    /** Whether it holds an entry since this time or longer. */
    boolean reachesBackTo(long nanoTime) {
        return !entries.isEmpty() && oldest - nanoTime <= 0;
    }

    /** Of the file that are in use. */
    int bytes() {
        return position;
    }

    boolean fits(List<Entry> more) {
        long bytes = HEADER;
        for (Entry entry : more) {
            bytes += Integer.BYTES + entry.json().length;
        }
        return bytes <= SIZE - position;
    }

    /**
     * On disk when this returns.
     *
     * @param place of the first of them in the ledger, right after what is held
     * @throws LedgerUnavailable where it cannot be written; whether it is on disk is then unknown
     */
    void append(long place, List<Entry> more) {
        buffer.clear().position(HEADER);
        for (Entry entry : more) {
            buffer.putInt(entry.json().length).put(entry.json());
        }
        int length = buffer.position() - HEADER;
        int taken = Math.ceilDiv(HEADER + length, sector) * sector;
        buffer.putInt(0, taken).putLong(PLACE, place).putInt(LENGTH, length).putInt(CHECKSUM, checksum(0, length));
        buffer.position(0).limit(taken);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + (long) buffer.position());
            }
        } catch (IOException e) {
            throw new LedgerUnavailable("the ledger's journal " + file + " cannot be written: " + e.getMessage(), e);
        }
        hold(place, more);
        position += taken;
    }

    /** The store has all that it holds. */
    void clear() {
        entries.clear();
        position = 0;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hold(long place, List<Entry> more) {
        if (entries.isEmpty()) {
            first = place;
            oldest = System.nanoTime();
        }
        entries.addAll(more);
    }

    /**
     * Each write is on disk when it returns (DSYNC). Around the operating system's cache, which would cost as much again, where
     * the file system can; tmpfs cannot.
     */
    private static FileChannel open(Path file) throws IOException {
        FileAttribute<?> mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Set<OpenOption> options = new HashSet<>(Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DSYNC,
                ExtendedOpenOption.DIRECT));
        try {
            return FileChannel.open(file, options, mine);
        } catch (FileSystemException | UnsupportedOperationException e) {
            options.remove(ExtendedOpenOption.DIRECT);
            return FileChannel.open(file, options, mine);
        }
    }

    private void lock() throws IOException {
        boolean locked;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            locked = false;
        }
        if (!locked) {
            channel.close();
            throw new IllegalStateException("another gateway has " + file
                    + " open: stop it first, or give this one a data" + " directory of its own (countersign.data.dir)");
        }
    }

    private void fill() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            channel.write(buffer, buffer.position());
        }
        channel.force(true);
    }

    /** Up to the first batch that is not whole or does not continue the one before. */
    private void read() throws IOException {
        buffer.clear();
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, buffer.position()) < 0) {
                throw new IOException("it is shorter than it was");
            }
        }
        while (position <= SIZE - sector) {
            int taken = buffer.getInt(position);
            long place = buffer.getLong(position + PLACE);
            int length = buffer.getInt(position + LENGTH);
            if (length <= 0
                    || length > SIZE - position - HEADER
                    || taken != Math.ceilDiv(HEADER + length, sector) * sector
                    || buffer.getInt(position + CHECKSUM) != checksum(position, length)
                    || !entries.isEmpty() && place != first + entries.size()) {
                return;
            }
            byte[] joined = new byte[length];
            buffer.get(position + HEADER, joined);
            hold(place, Packing.split(joined).stream().map(Entry::read).toList());
            position += taken;
        }
    }

    /** Of everything in the batch that follows it, but for what fills it up. */
    private int checksum(int batch, int length) {
        CRC32C sum = new CRC32C();
        sum.update(buffer.slice(batch + PLACE, HEADER - PLACE + length));
        return (int) sum.getValue();
    }
}
