package io.countersign.recording;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** As many packers as there are writers at work, kept from one chunk to the next. */
final class Packers implements AutoCloseable {

    private final Queue<Packer> idle = new ConcurrentLinkedQueue<>();
    private volatile boolean closed;

    Packer take() {
        Packer packer = idle.poll();
        return packer == null ? new Packer() : packer;
    }

    void giveBack(Packer packer) {
        idle.add(packer);
        if (closed) {
            close();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Packer packer = idle.poll(); packer != null; packer = idle.poll()) {
            packer.close();
        }
    }
}
