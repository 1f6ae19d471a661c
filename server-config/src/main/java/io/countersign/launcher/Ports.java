package io.countersign.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Chooses TCP ports on loopback, the only interface on which a demo listens. */
final class Ports {

    private static final int ANY = 0;

    private Ports() {}

    /** The wanted port. */
    static int required(int port, String purpose) {
        if (port < 1 || port > 65535) {
            throw new Failure("Port %d for %s is outside 1 to 65535. Name another one.".formatted(port, purpose));
        }
        if (!isFree(port)) {
            throw new Failure(
                    "Port %d, asked for as %s, is taken by another program. Name another one or stop that program."
                            .formatted(port, purpose));
        }
        return port;
    }

    /** The port used last time if it is still free, so that addresses survive a restart, else any free one. */
    static int preferred(int lastTime) {
        return lastTime >= 1 && lastTime <= 65535 && isFree(lastTime) ? lastTime : anyFree();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static int anyFree() {
        try (ServerSocket socket = new ServerSocket(ANY, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException exhausted) {
            throw new UncheckedIOException("No free TCP port on loopback", exhausted);
        }
    }
}
