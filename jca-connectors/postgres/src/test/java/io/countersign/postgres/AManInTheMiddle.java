package io.countersign.postgres;

import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** Shows a certificate that the gateway trusts, and passes on what it reads: by TLS of its own, or in clear. */
final class AManInTheMiddle implements AutoCloseable {

    private final ServerSocket door = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    private final ConcurrentLinkedQueue<Socket> open = new ConcurrentLinkedQueue<>();
    private final int server;
    private final SSLContext own;
    private final boolean encrypts;

    AManInTheMiddle(int server, Certificate certificate, boolean encrypts)
            throws IOException, GeneralSecurityException {
        this.server = server;
        this.encrypts = encrypts;
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(certificate.store(), certificate.password().reveal().toCharArray());
        own = SSLContext.getInstance("TLS");
        own.init(keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
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

    private void serve(Socket plain) {
        try (plain;
                Socket onwards = onwards()) {
            open.add(onwards);
            plain.getInputStream().readNBytes(8);
            plain.getOutputStream().write('S');
            SSLSocket client =
                    (SSLSocket) own.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
            client.setUseClientMode(false);
            Thread back = Thread.ofVirtual().start(() -> copy(onwards, client));
            copy(client, onwards);
            back.join();
        } catch (IOException e) {
            // One side has hung up, and closing both says so to the other.
            return;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Socket onwards() throws IOException {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), server);
        if (!encrypts) {
            return plain;
        }
        ByteBuf request = Unpooled.buffer();
        new StartupPacket.SslRequest().encode(request);
        plain.getOutputStream().write(ByteBufUtil.getBytes(request));
        if (plain.getInputStream().read() != 'S') {
            throw new IOException("the server offers no TLS");
        }
        return own.getSocketFactory().createSocket(plain, "localhost", server, true);
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException e) {
            // One side has hung up, and closing both says so to the other.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
