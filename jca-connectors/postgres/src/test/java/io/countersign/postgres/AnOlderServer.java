package io.countersign.postgres;

import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands in front of a real server and makes it one of the servers and poolers that do not know protocol 3.2. */
final class AnOlderServer implements AutoCloseable {

    /** What becomes of a start in a newer version. */
    enum Manner {
        /** As PostgreSQL before 18: it names 3.0 and goes on. */
        NEGOTIATES,
        /** As poolers that know protocol options but not how to negotiate. */
        CLAIMS_3_1,
        /** Names a version that nobody asked for. */
        CLAIMS_3_9,
        /** Names an option that nobody asked for. */
        INVENTS_AN_OPTION,
        /** As servers of long ago. */
        REFUSES,
        HANGS_UP
    }

    /** The minor versions that were asked for, in order. */
    final ConcurrentLinkedQueue<Integer> asked = new ConcurrentLinkedQueue<>();

    private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
    private final int server;
    private final Manner manner;

    AnOlderServer(int server, Manner manner) throws IOException {
        this.server = server;
        this.manner = manner;
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            byte[] packet = new byte[in.readInt() - 4];
            in.readFully(packet);
            boolean start = packet[0] == 0 && packet[1] == 3;
            int minor = packet[3];
            if (start) {
                asked.add(minor);
            }
            if (start && minor > 0) {
                switch (manner) {
                    case NEGOTIATES -> say(client, new NegotiateProtocolVersion(3 << 16, List.of()));
                    case CLAIMS_3_1 -> say(client, new NegotiateProtocolVersion(3 << 16 | 1, List.of()));
                    case CLAIMS_3_9 -> say(client, new NegotiateProtocolVersion(3 << 16 | 9, List.of()));
                    case INVENTS_AN_OPTION -> say(client, new NegotiateProtocolVersion(3 << 16, List.of("_pq_.x")));
                    case REFUSES -> {
                        say(client, Report.fatal("0A000", "unsupported frontend protocol 3.2"));
                        return;
                    }
                    case HANGS_UP -> {
                        return;
                    }
                }
                packet[3] = 0;
            }
            relay(client, in, packet);
        } catch (IOException e) {
            // The gateway has hung up.
            return;
        }
    }

    private void relay(Socket client, DataInputStream in, byte[] packet) throws IOException {
        try (Socket to = new Socket(InetAddress.getLoopbackAddress(), server)) {
            open.add(to);
            ByteBuf first = Unpooled.buffer().writeInt(packet.length + 4).writeBytes(packet);
            to.getOutputStream().write(ByteBufUtil.getBytes(first));
            Thread back = Thread.ofVirtual().start(() -> {
                try {
                    to.getInputStream().transferTo(client.getOutputStream());
                    client.close();
                } catch (IOException e) {
                    // Hung up while answers were under way; the way there notices, too.
                    return;
                }
            });
            in.transferTo(to.getOutputStream());
            to.close();
            back.join();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }

    private static void say(Socket client, BackendMessage message) throws IOException {
        ByteBuf out = Unpooled.buffer();
        message.encode(out);
        client.getOutputStream().write(ByteBufUtil.getBytes(out));
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
