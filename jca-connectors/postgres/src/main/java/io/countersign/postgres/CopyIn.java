package io.countersign.postgres;

import io.countersign.api.Frame.Direction;
import io.countersign.core.Recorder;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Opaque;
import io.netty.buffer.ByteBuf;

/**
 * What a client says while it copies in (54.2.6 "COPY Operations"), or as if it did. Its data passes as it comes, however
 * long a message is: the longest would not fit into memory. Confined to the session's event loop.
 */
final class CopyIn {

    private final Kept kept;
    private final Pipeline pipeline;
    private final Judging judging;
    private final Recorder recorder;
    private final Outlet outlet;

    /** Bytes of the message at hand that have not arrived yet. */
    private int due;

    private boolean dropped;

    CopyIn(Kept kept, Pipeline pipeline, Judging judging, Recorder recorder, Outlet outlet) {
        this.kept = kept;
        this.pipeline = pipeline;
        this.judging = judging;
        this.recorder = recorder;
        this.outlet = outlet;
    }

    /** Whether a message is passing of which not everything has arrived: what comes next is more of it. */
    boolean passing() {
        return due > 0;
    }

    /** @return whether there was any of it */
    boolean more(ByteBuf buffer) {
        int here = Math.min(due, buffer.readableBytes());
        due -= here;
        if (here > 0 && dropped) {
            kept.skip(here);
        } else if (here > 0) {
            forward(here);
        }
        return here > 0;
    }

    /** Data of the COPY that is going on. */
    boolean data(ByteBuf buffer, int length) {
        return begin(buffer, length, false);
    }

    /** Data outside a COPY: the client has not noticed yet that it failed. The server ignores it, too. */
    boolean drop(ByteBuf buffer, int length) {
        return begin(buffer, length, true);
    }

    /** Anything but data while a COPY is going on, as a whole. */
    void message(byte type, int length) {
        if (!kept.segment().isEmpty()) {
            throw outOfPlace(type);
        }
        switch (type) {
            case 'c', 'f' -> {
                pipeline.copied();
                forward(length);
            }
            // The server ignores both while it copies (54.2.6).
            case 'S', 'H' -> kept.skip(length);
            default -> throw outOfPlace(type);
        }
    }

    private boolean begin(ByteBuf buffer, int length, boolean drop) {
        if (!kept.segment().isEmpty()) {
            throw outOfPlace(Opaque.COPY_DATA);
        }
        due = length;
        dropped = drop;
        return more(buffer);
    }

    private void forward(int length) {
        ByteBuf data = kept.take(length);
        recorder.write(Direction.FROM_CLIENT, judging.commands(), data);
        outlet.forward(data);
    }

    private static Malformed outOfPlace(byte type) {
        return new Malformed(Malformed.PROTOCOL_VIOLATION, "message " + (char) type + " in the middle of COPY");
    }
}
