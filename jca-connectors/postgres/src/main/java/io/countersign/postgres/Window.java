package io.countersign.postgres;

import io.countersign.core.Masker;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * The part of a target's bytes that masks look into, as an array: copied once for many messages, and looked over as a whole
 * for where any of their values may have to be hidden.
 */
final class Window {

    /** Longer messages are read into an array of their own. */
    private static final int BYTES = 64 * 1024;

    /** One for each event loop: thousands of sessions share few. */
    private static final ThreadLocal<Window> OF_THIS_LOOP = ThreadLocal.withInitial(Window::new);

    private final byte[] own = new byte[BYTES];

    private byte[] bytes = own;
    private @Nullable ByteBuf source;
    private int start;
    private int length;
    private @Nullable Masker by;
    private int asked;
    private int next;

    /** Shows a message that has arrived as a whole; good until another is shown. */
    static Window on(ByteBuf buffer, int index, int length) {
        Window window = OF_THIS_LOOP.get();
        if (window.source != buffer || index < window.start || index + length > window.start + window.length) {
            window.show(buffer, index, length);
        }
        return window;
    }

    /** To be called before a buffer's bytes change or it is released. */
    static void close() {
        Window window = OF_THIS_LOOP.get();
        window.source = null;
        window.bytes = window.own;
        window.by = null;
    }

    private void show(ByteBuf buffer, int index, int most) {
        length = Math.max(most, Math.min(buffer.writerIndex() - index, BYTES));
        bytes = length <= BYTES ? own : new byte[length];
        buffer.getBytes(index, bytes, 0, length);
        source = buffer;
        start = index;
        by = null;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where in the array the byte at an index of the buffer is. */
    int place(int index) {
        return index - start;
    }

    /**
     * The first place from one on where a masker may have something to hide ({@link Masker#next}), perhaps far behind the
     * message.
     */
    int next(Masker masker, int from) {
        if (by != masker || from < asked || from > next) {
            by = masker;
            asked = from;
            next = masker.next(bytes, from, length);
        }
        return next;
    }
}
