package io.countersign.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;

/** Waits until the gateway takes connections: its listeners open only when store and policy are in order. */
final class Readiness {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(50);
    private static final int CONNECT_MILLIS = 1000;

    private Readiness() {}

    static void await(DemoPorts ports, Path log, StopSignal stop) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!accepts(ports.postgres()) && !stop.isWished()) {
            if (System.nanoTime() > deadline) {
                throw new Failure(
                        "The gateway was deployed, but its PostgreSQL listener did not open on port %d within %d s. Its log says"
                                        .formatted(ports.postgres(), PATIENCE.toSeconds())
                                + " why: " + log);
            }
            pause();
        }
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("Interrupted while the gateway started", e);
        }
    }
}
