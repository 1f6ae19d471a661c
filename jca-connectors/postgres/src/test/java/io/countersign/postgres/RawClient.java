package io.countersign.postgres;

import io.countersign.api.Secret;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client that says exactly what a test wants it to say. */
final class RawClient implements AutoCloseable {

    private final int patience;
    private Socket socket;
    private DataInputStream in;
    private OutputStream out;

    RawClient(int port) throws IOException {
        this(port, 10_000);
    }

    /** @param patience for an answer, in milliseconds */
    RawClient(int port, int patience) throws IOException {
        this.patience = patience;
        use(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    void use(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(patience);
        socket.setTcpNoDelay(true);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
    }

    /** Goes on by TLS, without asking. */
    void encrypt(Certificate trusted, String... protocols) throws IOException, GeneralSecurityException {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted.store());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        encrypt(context, protocols);
    }

    void encrypt(SSLContext context, String... protocols) throws IOException {
        SSLSocket tls =
                (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setApplicationProtocols(protocols);
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        use(tls);
    }

    /** Starts up and signs in; gives what came up to the first ReadyForQuery. */
    List<BackendMessage> signIn() throws IOException {
        send(new StartupPacket.Startup(3, 0, Map.of("user", "alice", "database", "shop")));
        if (!(read() instanceof Authentication.CleartextPassword)) {
            throw new AssertionError("no password was asked for");
        }
        send(new PasswordMessage(Secret.of(Policy.TOKEN)));
        return readToReady();
    }

    /** Starts up where nobody is asked for a password, past the gateway. */
    void signInTrusted(String user) throws IOException {
        send(new StartupPacket.Startup(
                3, 0, Map.of("user", user, "database", "shop", "client_encoding", "UTF8", "DateStyle", "ISO, MDY")));
        readToReady();
    }

    void send(StartupPacket packet) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        packet.encode(bytes);
        send(bytes);
    }

    void send(FrontendMessage... messages) throws IOException {
        ByteBuf bytes = Unpooled.buffer();
        for (FrontendMessage message : messages) {
            message.encode(bytes);
        }
        send(bytes);
    }

    void send(ByteBuf bytes) throws IOException {
        byte[] all = new byte[bytes.readableBytes()];
        bytes.readBytes(all);
        send(all);
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    byte readByte() throws IOException {
        return in.readByte();
    }

    BackendMessage read() throws IOException {
        byte type = in.readByte();
        byte[] body = new byte[in.readInt() - 4];
        in.readFully(body);
        return BackendMessage.decode(type, Unpooled.wrappedBuffer(body));
    }

    List<BackendMessage> readToReady() throws IOException {
        List<BackendMessage> messages = new ArrayList<>();
        do {
            messages.add(read());
        } while (!(messages.getLast() instanceof ReadyForQuery));
        return messages;
    }

    /** What comes until the gateway closes. */
    List<BackendMessage> readToEnd() throws IOException {
        List<BackendMessage> messages = new ArrayList<>();
        while (true) {
            int type = in.read();
            if (type < 0) {
                return messages;
            }
            byte[] body = new byte[in.readInt() - 4];
            in.readFully(body);
            messages.add(BackendMessage.decode((byte) type, Unpooled.wrappedBuffer(body)));
        }
    }

    static BackendKeyData key(List<BackendMessage> start) {
        return start.stream()
                .filter(BackendKeyData.class::isInstance)
                .map(BackendKeyData.class::cast)
                .findFirst()
                .orElseThrow();
    }

    /** As a machine does that loses its power: whatever has not been read is reset. */
    void hangUp() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
