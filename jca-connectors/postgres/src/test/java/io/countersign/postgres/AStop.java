package io.countersign.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** Stands before a server and keeps back what it answers, from the moment it is asked something until it is let go. */
final class AStop implements AutoCloseable {

    final CountDownLatch asked;

    private final ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
    private final CountDownLatch free = new CountDownLatch(1);
    private final int server;
    private final String question;

    /** @param question what stands in what the server is asked */
    AStop(int server, String question) throws IOException {
        this(server, question, 1);
    }

    /** @param times how often it must have been asked that */
    AStop(int server, String question, int times) throws IOException {
        this.asked = new CountDownLatch(times);
        this.server = server;
        this.question = question;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** How many have come by, one for each connection. */
    int visitors() {
        return open.size() / 2;
    }

    void letGo() {
        free.countDown();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket from = door.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), server);
                open.add(from);
                open.add(to);
                Thread.ofVirtual().start(() -> copy(from, to, true));
                Thread.ofVirtual().start(() -> copy(to, from, false));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void copy(Socket from, Socket to, boolean asks) {
        byte[] bytes = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                if (asks && new String(bytes, 0, count, StandardCharsets.UTF_8).contains(question)) {
                    asked.countDown();
                } else if (!asks && asked.getCount() == 0) {
                    free.await();
                }
                out.write(bytes, 0, count);
            }
        } catch (IOException e) {
            // One side has hung up, and closing both says so to the other.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        letGo();
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
