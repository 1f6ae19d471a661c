package io.countersign.postgres;

import static io.countersign.postgres.APipelineKeepsItsOrderTest.kinds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.Bind;
import io.countersign.postgres.message.CopyResponse;
import io.countersign.postgres.message.Execute;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.Parse;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.Signal;
import io.countersign.postgres.message.StartupPacket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A CancelRequest comes at any moment, on a connection of its own (54.2.8 "Canceling Requests in Progress"). */
class ACancelMeetsWhatItWasMeantForTest extends GatewayTest {

    @Test
    void whoWaitsForItsEndHasNothingLaterCancelled() throws Exception {
        try (ServerSocket door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            // Lets one connection in: the next is the gateway's CancelRequest, which stays at the door.
            Thread.ofVirtual().start(() -> letIn(door));
            gateway.policy.target = TARGET.behind(door.getLocalPort());
            try (RawClient client = new RawClient(gateway.number());
                    RawClient canceller = new RawClient(gateway.number(), 500)) {
                BackendKeyData key = RawClient.key(client.signIn());
                canceller.send(new StartupPacket.CancelRequest(key.processId(), key.key()));
                assertThatThrownBy(canceller::readToEnd).isInstanceOf(SocketTimeoutException.class);
                door.close();
                assertThat(canceller.readToEnd()).isEmpty();
            }
        }
    }

    @Test
    void notTheGatewaysOwnQuestion() throws Exception {
        try (AStop stop = new AStop(TARGET.port(), "countersign: state of the session", 2)) {
            gateway.policy.target = TARGET.behind(stop.port());
            try (RawClient client = new RawClient(gateway.number())) {
                BackendKeyData key = RawClient.key(client.signIn());
                client.send(new Query("SET search_path = public"), new Query("SELECT 1 FROM orders"));
                assertThat(stop.asked.await(10, TimeUnit.SECONDS)).isTrue();
                cancel(key);
                assertThat(stop.visitors()).isEqualTo(1);
                stop.letGo();
                assertThat(kinds(client.readToReady())).isEqualTo("SET Z:IDLE");
                assertThat(kinds(client.readToReady())).isEqualTo("T D D SELECT 2 Z:IDLE");
            }
        }
    }

    @Test
    void nothingBetweenParseAndSync() throws IOException {
        try (RawClient client = new RawClient(gateway.number())) {
            BackendKeyData key = RawClient.key(client.signIn());
            client.send(new Parse("", "SELECT 1", List.of()), Signal.FLUSH);
            assertThat(client.read()).isEqualTo(Signal.PARSE_COMPLETE);
            cancel(key);
            client.send(new Bind("", "", List.of(), List.of(), List.of()), new Execute("", 0), Signal.SYNC);
            assertThat(kinds(client.readToReady())).isEqualTo("2 D SELECT 1 Z:IDLE");
        }
    }

    @Test
    void aCopyEitherWay() throws IOException {
        try (RawClient client = new RawClient(gateway.number())) {
            BackendKeyData key = RawClient.key(client.signIn());
            client.send(new Query("COPY orders FROM STDIN"));
            assertThat(client.read()).isInstanceOf(CopyResponse.class);
            cancel(key);
            // The server looks up once there is data.
            client.send(data("20\tchair\n"), Signal.COPY_DONE);
            assertThat(kinds(client.readToReady())).isEqualTo("E:57014 Z:IDLE");
            client.send(
                    Signal.COPY_DONE,
                    new Query("COPY (SELECT repeat('x', 1000), generate_series(1, 1000000000)) TO STDOUT"));
            assertThat(client.read()).isInstanceOf(CopyResponse.class);
            cancel(key);
            assertThat(kinds(client.readToReady())).endsWith("E:57014 Z:IDLE");
        }
    }

    @Test
    void nobodyOnceTheSessionIsOver() throws IOException {
        BackendKeyData key;
        try (RawClient client = new RawClient(gateway.number())) {
            key = RawClient.key(client.signIn());
        }
        Policy.await(gateway.policy.closings::peek, "the end");
        cancel(key);
    }

    private static Opaque data(String text) {
        return new Opaque(Opaque.COPY_DATA, text.getBytes(StandardCharsets.UTF_8));
    }

    /** As libpq and pgJDBC do: waits until the gateway closes. */
    private void cancel(BackendKeyData key) throws IOException {
        try (RawClient canceller = new RawClient(gateway.number())) {
            canceller.send(new StartupPacket.CancelRequest(key.processId(), key.key()));
            assertThat(canceller.readToEnd()).isEmpty();
        }
    }

    private static void letIn(ServerSocket door) {
        try (Socket from = door.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), TARGET.port())) {
            Thread.ofVirtual().start(() -> copy(to, from));
            copy(from, to);
        } catch (IOException e) {
            return; // The session is over.
        }
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            return; // One side has hung up, which ends the other.
        }
    }
}
