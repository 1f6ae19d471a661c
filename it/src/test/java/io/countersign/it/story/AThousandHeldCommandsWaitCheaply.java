package io.countersign.it.story;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.it.world.Api;
import io.countersign.it.world.Await;
import io.countersign.it.world.Demo;
import io.countersign.it.world.Program;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A held command is a waiting object, never a waiting thread: a thousand of them cost under 40 MB of heap. */
class AThousandHeldCommandsWaitCheaply {

    private static final int HELD = 1_000;
    private static final int PER_SESSION_LIMIT_RAISED = 1_100;

    @Test
    void noThreadForEachAndUnderFortyMegabytes() throws IOException {
        try (Demo demo = Demo.start("thousand", "--policy", patientPolicy())) {
            List<Socket> clients = new ArrayList<>();
            try {
                for (int i = 0; i < 20; i++) {
                    clients.add(signIn(demo));
                }
                for (Socket warm : clients) {
                    query(warm, "DELETE FROM orders WHERE id = -1");
                }
                awaitHeld(demo, 20);
                List<String> threadsBefore = threads(demo);
                // The rest signs in first, so that only holding is measured between the two readings.
                while (clients.size() < HELD + 20) {
                    clients.add(signIn(demo));
                }
                long before = liveHeapBytes(demo);
                for (Socket each : clients.subList(20, clients.size())) {
                    query(each, "DELETE FROM orders WHERE id = -2");
                }
                awaitHeld(demo, HELD + 20);
                long after = liveHeapBytes(demo);

                List<String> more = new ArrayList<>(threads(demo));
                threadsBefore.forEach(more::remove);
                assertThat(more).as("more threads than before").hasSizeLessThan(20);
                assertThat(after - before).isLessThan(40L * 1024 * 1024);
            } finally {
                for (Socket each : clients) {
                    each.close();
                }
            }
        }
    }

    private static String patientPolicy() {
        return io.countersign.it.world.StoryPolicy.folderWithSessions(PER_SESSION_LIMIT_RAISED)
                .toString();
    }

    private static void awaitHeld(Demo demo, int count) {
        Api dave = demo.api("dave");
        Await.until(count + " held commands", Duration.ofMinutes(2), () -> {
            Matcher held = Pattern.compile("countersign_held_now\\S* (\\d+)")
                    .matcher(dave.get("/metrics").text());
            return held.find() && Long.parseLong(held.group(1)) >= count;
        });
    }

    /** Signs in without TLS and leaves the socket ready for queries. */
    private static Socket signIn(Demo demo) throws IOException {
        Socket socket = new Socket(demo.host(), demo.port());
        byte[] parameters = ("user\0alice\0database\0" + demo.database() + "\0\0").getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(8 + parameters.length)
                        .putInt(8 + parameters.length)
                        .putInt(196608)
                        .put(parameters)
                        .array());
        byte[] token = (demo.token("alice") + "\0").getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(5 + token.length)
                        .put((byte) 'p')
                        .putInt(4 + token.length)
                        .put(token)
                        .array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        while (true) {
            int type = in.readUnsignedByte();
            byte[] body = in.readNBytes(in.readInt() - 4);
            if (type == 'E') {
                throw new AssertionError("sign-in failed: " + new String(body, StandardCharsets.UTF_8));
            }
            if (type == 'Z') {
                return socket;
            }
        }
    }

    private static void query(Socket socket, String sql) throws IOException {
        byte[] text = (sql + "\0").getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream()
                .write(ByteBuffer.allocate(5 + text.length)
                        .put((byte) 'Q')
                        .putInt(4 + text.length)
                        .put(text)
                        .array());
    }

    /** The names of all threads, so that a failure tells which are too many. */
    private static List<String> threads(Demo demo) {
        return jcmd(demo, "Thread.print")
                .lines()
                .filter(line -> line.startsWith("\""))
                .map(line -> line.substring(1, line.indexOf('"', 1)))
                .toList();
    }

    /** Live bytes: the histogram's total, which jcmd takes after a full collection. */
    private static long liveHeapBytes(Demo demo) {
        String histogram = jcmd(demo, "GC.class_histogram");
        Matcher total = Pattern.compile("Total\\s+\\d+\\s+(\\d+)").matcher(histogram);
        if (!total.find()) {
            throw new AssertionError("no total in the histogram");
        }
        return Long.parseLong(total.group(1));
    }

    private static String jcmd(Demo demo, String command) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        return Program.start(
                        List.of(jcmd.toString(), Long.toString(demo.process().pid()), command), Map.of())
                .finish()
                .orFail()
                .out();
    }
}
