package io.countersign.postgres;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramRuntimeException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.core.Listener;
import io.countersign.core.Loops;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.Opaque;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Dials a target and logs in there with the credential that only the gateway knows: TLS with a verified host name where
 * the policy says so, then SCRAM-SHA-256 (RFC 7677), bound to the TLS channel (RFC 5929 {@code tls-server-end-point})
 * where the server offers that. In clear text or as MD5 a password is sent only to a server that TLS has verified: anybody
 * else could ask for it.
 */
final class PostgresTarget {

    private static final int CONNECT_MILLIS = 10_000;

    private static final int LOGIN_SECONDS = 20;

    /** A connection to a target, ready for its first query. */
    record Upstream(Channel channel, Map<String, String> parameters, int processId, byte[] key) {}

    /** Why there is no such connection; the message is for the client and carries no credential. */
    static final class Unreachable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreachable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }

        @Override
        public String getMessage() {
            String message = super.getMessage();
            return message == null ? "unreachable" : message;
        }
    }

    private final Target target;
    private final EventLoop loop;
    private final Executor worker;

    /**
     * @param loop   of the connection to come
     * @param worker for what takes long or blocks: names, certificates, key derivation
     */
    PostgresTarget(Target target, EventLoop loop, Executor worker) {
        this.target = target;
        this.loop = loop;
        this.worker = worker;
    }

    /** @return fails with {@link Unreachable} */
    CompletionStage<Upstream> dial(Map<String, String> settings) {
        CompletableFuture<Upstream> dialled = new CompletableFuture<>();
        Map<String, String> parameters = new LinkedHashMap<>(settings);
        parameters.put("user", target.user());
        parameters.put("database", target.database());
        parameters.put("client_encoding", "UTF8");
        parameters.put("standard_conforming_strings", "on");
        connect(() -> new Login(dialled, new StartupPacket.Startup(3, 0, parameters)), dialled);
        loop.schedule(
                () -> dialled.completeExceptionally(unreachable("does not answer in time", null)),
                LOGIN_SECONDS,
                TimeUnit.SECONDS);
        return dialled;
    }

    /** Asks the target to stop what a session does. The server closes that connection without an answer. */
    void cancel(int processId, byte[] key) {
        CompletableFuture<Upstream> never = new CompletableFuture<>();
        connect(() -> new Login(never, new StartupPacket.CancelRequest(processId, key)), never);
    }

    private void connect(Supplier<Login> login, CompletableFuture<Upstream> dialled) {
        CompletableFuture.supplyAsync(this::prepare, worker)
                .thenAccept(route -> new Bootstrap()
                        .group(loop)
                        .channel(Loops.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Listener.WATER_MARK)
                        .handler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                Login handler = login.get();
                                handler.tls = route.tls;
                                channel.pipeline().addLast("login", handler);
                            }
                        })
                        .connect(route.address)
                        .addListener((Future<Void> done) -> {
                            if (!done.isSuccess()) {
                                dialled.completeExceptionally(unreachable("cannot be reached", done.cause()));
                            }
                        }))
                .exceptionally(failure -> {
                    dialled.completeExceptionally(unreachable(
                            "cannot be reached",
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure));
                    return null;
                });
    }

    private record Route(
            InetSocketAddress address, @Nullable SslContext tls) {}

    private Route prepare() {
        try {
            SslContext tls = null;
            if (target.tls() == Target.Tls.VERIFY_FULL) {
                SslContextBuilder builder = SslContextBuilder.forClient()
                        .protocols("TLSv1.3", "TLSv1.2")
                        .endpointIdentificationAlgorithm("HTTPS");
                target.trust().ifPresent(file -> builder.trustManager(file.toFile()));
                tls = builder.build();
            }
            return new Route(new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), tls);
        } catch (java.io.IOException | IllegalArgumentException e) {
            throw new CompletionException(e);
        }
    }

    private Unreachable unreachable(String what, @Nullable Throwable cause) {
        return new Unreachable("target \"" + target.name() + "\" " + what, cause);
    }

    /** The server's side of 54.2.1 "Start-up", seen from the client. */
    private final class Login extends ByteToMessageDecoder {

        private final CompletableFuture<Upstream> dialled;
        private final StartupPacket first;
        private final Map<String, String> parameters = new LinkedHashMap<>();
        private @Nullable SslContext tls;
        private @Nullable ScramClient scram;
        private boolean tlsAsked;
        private boolean authenticated;
        private int processId;
        private byte[] key = new byte[0];

        Login(CompletableFuture<Upstream> dialled, StartupPacket first) {
            this.dialled = dialled;
            this.first = first;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            dialled.whenComplete((upstream, failure) -> {
                if (failure != null) {
                    context.close();
                }
            });
            if (tls != null) {
                tlsAsked = true;
                send(context, new StartupPacket.SslRequest());
            } else {
                begin(context);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            if (tlsAsked) {
                byte answer = in.readByte();
                tlsAsked = false;
                // Anything that follows the answer in clear could have been put there by somebody else
                // (CVE-2021-23222).
                if (answer != 'S' || in.isReadable()) {
                    fail("does not offer TLS", null);
                    return;
                }
                encrypt(context);
                return;
            }
            int length = PostgresCodec.frameLength(in, in.readerIndex());
            if (length > PostgresCodec.LONGEST_PASSWORD) {
                fail("sends a message that is too long", null);
                return;
            }
            if (length < 0 || in.readableBytes() < length) {
                return;
            }
            BackendMessage message = PostgresCodec.backend(in, in.readerIndex(), length);
            in.skipBytes(length);
            take(context, message);
        }

        private void take(ChannelHandlerContext context, BackendMessage message) {
            switch (message) {
                case Authentication authentication -> authenticate(context, authentication);
                case ParameterStatus status when authenticated -> parameters.put(status.name(), status.value());
                case BackendKeyData data
                when authenticated -> {
                    processId = data.processId();
                    key = data.key();
                }
                case ReadyForQuery ready
                when authenticated -> {
                    context.channel().config().setAutoRead(false);
                    if (!dialled.complete(new Upstream(context.channel(), Map.copyOf(parameters), processId, key))) {
                        context.close();
                    }
                }
                case Report report when report.type() == Report.NOTICE -> {}
                case NegotiateProtocolVersion version -> {}
                case Report report -> fail("refuses the gateway's log-in (" + report.sqlState() + ")", report);
                default -> fail("answers in an unexpected way", null);
            }
        }

        private void authenticate(ChannelHandlerContext context, Authentication authentication) {
            switch (authentication) {
                case Authentication.Ok ok -> {
                    // "trust" on the server's side is its own decision; a SCRAM exchange must have been finished.
                    if (scram != null && !scramDone) {
                        fail("skips the end of SCRAM", null);
                    }
                    authenticated = true;
                }
                case Authentication.Sasl(List<String> mechanisms) ->
                    later(context, () -> startScram(context, mechanisms));
                case Authentication.SaslContinue(String data) ->
                    later(context, () -> {
                        ScramClient client = started();
                        client.serverFirstMessage(data);
                        return client.clientFinalMessage().toString().getBytes(StandardCharsets.UTF_8);
                    });
                case Authentication.SaslFinal(String data) -> {
                    try {
                        started().serverFinalMessage(data);
                        scramDone = true;
                    } catch (ScramException | ScramRuntimeException e) {
                        fail("cannot prove that it knows the password", null);
                    }
                }
                case Authentication.CleartextPassword clear ->
                    tell(context, target.password().reveal(), "the password in clear text");
                case Authentication.Md5Password md5 ->
                    tell(
                            context,
                            Md5.response(target.user(), target.password(), md5.salt()),
                            "a password hashed by MD5");
                case Authentication.Other(int code) ->
                    fail(
                            "asks for authentication method " + code
                                    + "; the gateway knows SCRAM-SHA-256, MD5 and password",
                            null);
            }
        }

        /** In weaker ways than SCRAM, and only to whom it is meant for. */
        private void tell(ChannelHandlerContext context, String password, String what) {
            if (context.pipeline().get(SslHandler.class) == null) {
                fail(
                        "asks for " + what
                                + ", which needs tls: verify-full; without it only SCRAM-SHA-256 is accepted",
                        null);
                return;
            }
            PasswordMessage message = new PasswordMessage(Secret.of(password));
            context.writeAndFlush(PostgresCodec.encode(context.alloc(), (FrontendMessage) message));
        }

        private boolean scramDone;

        private ScramClient started() {
            ScramClient client = scram;
            if (client == null) {
                throw new IllegalStateException("SCRAM has not started");
            }
            return client;
        }

        /** SASLInitialResponse: mechanism, length and client-first-message. */
        private byte[] startScram(ChannelHandlerContext context, List<String> mechanisms) throws ScramException {
            var builder = ScramClient.builder()
                    .advertisedMechanisms(mechanisms)
                    .username("*")
                    .password(target.password().reveal().toCharArray());
            byte[] binding = channelBinding(context);
            if (binding.length > 0) {
                builder.channelBinding(TlsServerEndpoint.TLS_SERVER_END_POINT, binding);
            }
            ScramClient client = builder.build();
            scram = client;
            byte[] message = client.clientFirstMessage().toString().getBytes(StandardCharsets.UTF_8);
            byte[] mechanism = client.getScramMechanism().getName().getBytes(StandardCharsets.US_ASCII);
            return java.nio.ByteBuffer.allocate(mechanism.length + 1 + 4 + message.length)
                    .put(mechanism)
                    .put((byte) 0)
                    .putInt(message.length)
                    .put(message)
                    .array();
        }

        private byte[] channelBinding(ChannelHandlerContext context) throws ScramException {
            SslHandler ssl = context.pipeline().get(SslHandler.class);
            if (ssl == null) {
                return new byte[0];
            }
            try {
                return TlsServerEndpoint.getChannelBindingData(
                        (X509Certificate) ssl.engine().getSession().getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException | CertificateException e) {
                throw new ScramException("no certificate to bind to", e);
            }
        }

        private interface Step {
            byte[] response() throws ScramException;
        }

        /** Key derivation takes milliseconds: not on an event loop. */
        private void later(ChannelHandlerContext context, Step step) {
            worker.execute(() -> {
                try {
                    Opaque response = new Opaque((byte) 'p', step.response());
                    loop.execute(() ->
                            context.writeAndFlush(PostgresCodec.encode(context.alloc(), (BackendMessage) response)));
                } catch (ScramException | RuntimeException e) {
                    loop.execute(() -> fail("and the gateway do not agree on SCRAM", e));
                }
            });
        }

        private void encrypt(ChannelHandlerContext context) {
            SslContext context0 = tls;
            if (context0 == null) {
                throw new IllegalStateException("TLS was not asked for");
            }
            SslHandler ssl = context0.newHandler(context.alloc(), target.host(), target.port());
            context.pipeline().addFirst("tls", ssl);
            ssl.handshakeFuture().addListener(done -> {
                if (done.isSuccess()) {
                    begin(context);
                } else {
                    fail("does not prove its identity by TLS", done.cause());
                }
            });
        }

        private void begin(ChannelHandlerContext context) {
            send(context, first);
        }

        private void send(ChannelHandlerContext context, StartupPacket packet) {
            ByteBuf out = context.alloc().buffer();
            packet.encode(out);
            context.writeAndFlush(out);
        }

        private void fail(String what, @Nullable Object detail) {
            dialled.completeExceptionally(unreachable(
                    what,
                    detail instanceof Throwable cause
                            ? cause
                            : detail instanceof Report report ? new IllegalStateException(report.message()) : null));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(
                    cause instanceof Malformed || cause.getCause() instanceof Malformed
                            ? "does not speak PostgreSQL's protocol"
                            : "breaks the connection",
                    cause);
            context.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) throws Exception {
            super.channelInactive(context);
            fail("closes the connection", null);
        }
    }
}
