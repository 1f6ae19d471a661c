package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import io.countersign.it.world.SharedDemo;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Garbage, truncated, oversized and slow bytes on the gateway's port cost their own connection and nothing else. */
@ExtendWith(SharedDemo.class)
class BadInputHurtsNobodyElse {

    @Test
    void garbageIsAnsweredOrClosedAndOthersAreServed(Demo demo) throws IOException {
        Random random = new Random(4711);
        try (Program bystander = demo.psql("alice")) {
            bystander.type("SELECT 'before';").awaitText("before");
            for (int round = 0; round < 50; round++) {
                byte[] garbage = new byte[1 + random.nextInt(4096)];
                random.nextBytes(garbage);
                sendAndAwaitEnd(demo, garbage);
            }
            bystander.type("SELECT 'after';").awaitText("after").finish();
        }
    }

    @Test
    void startUpMessagesOfImpossibleLengthAreRefused(Demo demo) throws IOException {
        for (int length : new int[] {0, 1, 7, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 20}) {
            sendAndAwaitEnd(
                    demo, ByteBuffer.allocate(8).putInt(length).putInt(196608).array());
        }
        assertThat(demo.psqlOnce("alice", "SELECT 'served'").out()).contains("served");
    }

    @Test
    void replicationAndForeignParametersAreRefusedWithWords(Demo demo) throws IOException {
        assertThat(sendAndAwaitEnd(demo, startUp("user", "alice", "database", "shop", "replication", "true")))
                .contains("replication");
        assertThat(sendAndAwaitEnd(demo, startUp("user", "alice", "database", "shop", "client_encoding", "LATIN1")))
                .contains("client_encoding");
    }

    @Test
    void slowDripsHoldNobodyUp(Demo demo) throws IOException {
        List<Socket> drips = new ArrayList<>();
        try {
            for (int i = 0; i < 50; i++) {
                Socket drip = connect(demo);
                drip.getOutputStream().write(0);
                drips.add(drip);
            }
            assertThat(demo.psqlOnce("alice", "SELECT 'served'").out()).contains("served");
        } finally {
            for (Socket drip : drips) {
                drip.close();
            }
        }
    }

    @Test
    void anOversizedPasswordIsRefused(Demo demo) throws IOException {
        try (Socket socket = connect(demo)) {
            socket.getOutputStream().write(startUp("user", "alice", "database", "shop"));
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(5)
                            .put((byte) 'p')
                            .putInt(64 * 1024 * 1024)
                            .array());
            assertThat(readAll(socket)).contains("FATAL");
        }
        assertThat(demo.psqlOnce("alice", "SELECT 'served'").out()).contains("served");
    }

    private static byte[] startUp(String... parameters) {
        ByteBuffer message = ByteBuffer.allocate(1024).putInt(0).putInt(196608);
        for (String each : parameters) {
            message.put(each.getBytes(StandardCharsets.UTF_8)).put((byte) 0);
        }
        message.put((byte) 0);
        int length = message.position();
        byte[] bytes = new byte[length];
        message.putInt(0, length).flip().get(bytes);
        return bytes;
    }

    private static String sendAndAwaitEnd(Demo demo, byte[] bytes) throws IOException {
        try (Socket socket = connect(demo)) {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
            return readAll(socket);
        }
    }

    private static Socket connect(Demo demo) throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(40_000);
        socket.connect(new InetSocketAddress(demo.host(), demo.port()), 5_000);
        return socket;
    }

    /** A reset is an end too: closing with unread input resets the connection. */
    private static String readAll(Socket socket) throws IOException {
        StringBuilder text = new StringBuilder();
        try (InputStream in = socket.getInputStream()) {
            byte[] buffer = new byte[4096];
            int read;
            while ((read = in.read(buffer)) >= 0) {
                text.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
        } catch (java.net.SocketException reset) {
            text.append("[reset]");
        }
        return text.toString();
    }
}
