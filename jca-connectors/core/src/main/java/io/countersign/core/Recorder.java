package io.countersign.core;

import io.countersign.api.Commands;
import io.countersign.api.Frame;
import io.countersign.api.Frame.Direction;
import io.countersign.api.Session;
import io.countersign.core.Counters.Counter;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tap on a session: what the client sent and what it was answered, as it saw it, gathered into batches. To be used
 * from the session's event loop.
 */
public final class Recorder {

    /** A batch goes out when it has this many bytes, … */
    static final int BATCH = 256 * 1024;

    /** … or after this long, … or when the session ends. */
    static final long LONGEST_WAIT_MILLIS = 1000;

    /** Bytes that may wait to be written; while there are more, the target is not read: … */
    static final int MOST_AWAITING = 4 * 1024 * 1024;

    /** … of each session, while so many wait of all of them. */
    static final int FAIR = 1024 * 1024;

    static final int MOST_OF_ALL = 64 * 1024 * 1024;

    /** Pieces of this many bytes are recorded as they are, shorter ones put together. */
    private static final int LONG = 32 * 1024;

    private static final int SMALL = 1024;

    /** Told how the recording keeps up. */
    public interface Watch {

        /** Whether too much waits: do not read from the target while it does. */
        void slow(boolean slow);

        /** Nothing more can be recorded: the session must not go on. */
        void failed(Throwable failure);
    }

    private final Session session;
    private final Commands commands;
    private final EventLoop loop;
    private final Counters counters;
    private final Watch watch;
    private final long started = System.nanoTime();

    private final List<Frame> frames = new ArrayList<>();
    private byte[] gathered = new byte[SMALL];
    private int length;
    private Direction direction = Direction.FROM_CLIENT;
    private long command;
    private long at;
    private int batched;
    private int awaiting;
    private boolean slow;
    private boolean failed;
    private @Nullable Future<?> due;

    public Recorder(Session session, Commands commands, EventLoop loop, Counters counters, Watch watch) {
        this.session = session;
        this.commands = commands;
        this.loop = loop;
        this.counters = counters;
        this.watch = watch;
    }

    /** Since the session started. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** Takes a copy of the readable bytes; the buffer is left as it was. */
    public void write(Direction way, long number, ByteBuf bytes) {
        if (failed || !bytes.isReadable()) {
            return;
        }
        if (way != direction || number != command || length == 0) {
            cut();
            direction = way;
            command = number;
            at = System.nanoTime() - started;
        }
        int more = bytes.readableBytes();
        if (more >= LONG) {
            // Long enough for a piece of its own: nothing has to be put together.
            cut();
            at = System.nanoTime() - started;
            byte[] own = new byte[more];
            bytes.getBytes(bytes.readerIndex(), own);
            frames.add(frame(own));
        } else {
            gather(bytes, more);
        }
        batched += more;
        if (batched >= BATCH) {
            flush();
        } else if (due == null) {
            due = loop.schedule(this::flush, LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void gather(ByteBuf bytes, int more) {
        if (length + more > 2 * LONG) {
            cut();
        }
        if (length + more > gathered.length) {
            gathered = Arrays.copyOf(gathered, Math.max(length + more, gathered.length * 2));
        }
        bytes.getBytes(bytes.readerIndex(), gathered, length, more);
        length += more;
    }

    /** Hands over what has gathered. */
    public void flush() {
        if (due != null) {
            due.cancel(false);
            due = null;
        }
        cut();
        if (frames.isEmpty() || failed) {
            return;
        }
        List<Frame> batch = List.copyOf(frames);
        int bytes = batched;
        frames.clear();
        batched = 0;
        if (gathered.length > LONG) {
            gathered = new byte[SMALL];
        }
        awaiting += bytes;
        counters.add(Counter.RECORDING_BYTES_WAITING, bytes);
        try {
            commands.recorded(session, batch).whenComplete((done, failure) -> {
                if (loop.inEventLoop()) {
                    written(bytes, failure);
                } else {
                    loop.execute(() -> written(bytes, failure));
                }
            });
        } catch (RuntimeException e) {
            written(bytes, e);
        }
        report();
    }

    private void written(int bytes, @Nullable Throwable failure) {
        awaiting -= bytes;
        counters.add(Counter.RECORDING_BYTES_WAITING, -bytes);
        if (failure != null && !failed) {
            failed = true;
            watch.failed(failure);
        }
        report();
    }

    private void report() {
        boolean now = awaiting > MOST_AWAITING
                || awaiting > FAIR && counters.value(Counter.RECORDING_BYTES_WAITING) > MOST_OF_ALL;
        if (now != slow) {
            slow = now;
            watch.slow(now);
        }
    }

    private void cut() {
        if (length > 0) {
            frames.add(frame(Arrays.copyOf(gathered, length)));
            length = 0;
        }
    }

    private Frame frame(byte[] bytes) {
        return new Frame(Duration.ofNanos(at), direction, command, bytes);
    }
}
