package io.countersign.postgres;

import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.SignIn;
import io.countersign.core.Counters.Counter;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * From a connection's first byte to sign-in (54.2.1 "Start-up"): TLS, what the client declares, its token as password.
 * Nobody is known yet, so everything is small and must be done in time.
 */
final class PostgresStart extends ByteToMessageDecoder {

    private static final System.Logger LOG = System.getLogger(PostgresStart.class.getName());

    /** The server's own default for authentication_timeout is 60 s. */
    static final int LONGEST_SECONDS = 30;

    /** The first byte of a TLS record with a handshake (RFC 8446 §5.1); no start-up packet is that long. */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** Protocol 3.2 allows longer keys. */
    private static final int LONG_KEY = 32;

    private static final int SHORT_KEY = 4;

    private final ServerTls tls;
    private final Shared shared;
    private @Nullable StartParameters parameters;
    private int keyLength = SHORT_KEY;
    private boolean answered;
    private boolean over;
    private @Nullable Future<?> deadline;

    PostgresStart(ServerTls tls, Shared shared) {
        this.tls = tls;
        this.shared = shared;
        setSingleDecode(false);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> refuse(
                                context,
                                Report.fatal("57014", "signing in took longer than " + LONGEST_SECONDS + " s")),
                        LONGEST_SECONDS,
                        TimeUnit.SECONDS);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (parameters == null) {
            startup(context, in);
        } else {
            password(context, in);
        }
    }

    private void startup(ChannelHandlerContext context, ByteBuf in) {
        if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE && !encrypted(context)) {
            directTls(context);
            return;
        }
        int length = PostgresCodec.startupLength(in);
        if (length < 0 || in.readableBytes() < length) {
            return;
        }
        StartupPacket packet = StartupPacket.decode(in.slice(in.readerIndex() + 4, length - 4));
        in.skipBytes(length);
        switch (packet) {
            case StartupPacket.SslRequest ssl -> sslRequest(context, in);
            case StartupPacket.GssRequest gss -> answer(context, 'N');
            case StartupPacket.CancelRequest cancel -> {
                shared.keys().cancel(cancel.processId(), cancel.key());
                finish(context);
            }
            case StartupPacket.Startup startup -> start(context, startup);
        }
    }

    /** TLS without asking first (PostgreSQL 17): only with ALPN, so that no other protocol can be meant (RFC 7301). */
    private void directTls(ChannelHandlerContext context) {
        if (tls.context().isEmpty()) {
            refuse(context, Report.fatal("08P01", "this gateway does not offer TLS"));
            return;
        }
        SslHandler ssl = tls.handler(context.channel());
        ssl.handshakeFuture().addListener(done -> {
            if (done.isSuccess() && ssl.applicationProtocol() == null) {
                refuse(context, Report.fatal("08P01", "direct TLS needs the ALPN protocol postgresql"));
            }
        });
        insert(context, ssl);
    }

    private void sslRequest(ChannelHandlerContext context, ByteBuf in) {
        if (encrypted(context) || answered && in.isReadable()) {
            throw violation("SSLRequest is out of place");
        }
        if (tls.context().isEmpty()) {
            answer(context, 'N');
            return;
        }
        // What came in clear behind the request could have been put there by somebody else (CVE-2021-23214).
        if (in.isReadable()) {
            throw violation("something follows SSLRequest before TLS has begun");
        }
        answer(context, 'S');
        insert(context, tls.handler(context.channel()));
    }

    /** The handler goes in front; bytes that are here already pass through it. */
    private void insert(ChannelHandlerContext context, SslHandler ssl) {
        context.pipeline().addFirst("tls", ssl);
        ByteBuf kept = internalBuffer();
        if (kept.isReadable()) {
            ByteBuf first = kept.readBytes(kept.readableBytes());
            context.pipeline().fireChannelRead(first);
        }
    }

    private void start(ChannelHandlerContext context, StartupPacket.Startup startup) {
        if (startup.major() != 3) {
            refuse(
                    context,
                    Report.fatal(
                            "0A000",
                            "unsupported frontend protocol " + startup.major() + "." + startup.minor()
                                    + ": this gateway supports 3.0 and 3.2"));
            return;
        }
        if (tls.mode() == ServerTls.Mode.REQUIRED && !encrypted(context)) {
            refuse(
                    context,
                    Report.fatal("28000", "this gateway accepts encrypted connections only")
                            .hint("Connect with sslmode=require, or better verify-full."));
            return;
        }
        StartParameters declared;
        try {
            declared = StartParameters.read(startup);
        } catch (StartParameters.Refused e) {
            refuse(context, e.report());
            return;
        }
        parameters = declared;
        int minor = Math.min(startup.minor(), 2);
        if (minor == 1) {
            // 3.1 was never released; what a newer client may fall back to is 3.0.
            minor = 0;
        }
        keyLength = minor == 2 ? LONG_KEY : SHORT_KEY;
        if (minor != startup.minor() || !declared.unknown().isEmpty()) {
            write(context, new NegotiateProtocolVersion(3 << 16 | minor, declared.unknown()));
        }
        write(context, new Authentication.CleartextPassword());
        context.flush();
    }

    private void password(ChannelHandlerContext context, ByteBuf in) {
        int length = PostgresCodec.frameLength(in, in.readerIndex());
        if (length < 0) {
            return;
        }
        byte type = in.getByte(in.readerIndex());
        if (type == 'X') {
            finish(context);
            return;
        }
        if (type != PasswordMessage.TYPE) {
            throw violation("the password was due");
        }
        PostgresCodec.checkFrontend(type, length);
        if (in.readableBytes() < length) {
            return;
        }
        FrontendMessage message = PostgresCodec.frontend(in, in.readerIndex(), length);
        in.skipBytes(length);
        if (in.isReadable()) {
            throw violation("something follows the password");
        }
        over = true;
        signIn(context, (PasswordMessage) message);
    }

    private void signIn(ChannelHandlerContext context, PasswordMessage message) {
        StartParameters declared = parameters;
        if (declared == null) {
            throw new IllegalStateException("a password before start-up");
        }
        Connection connection = new Connection(
                PostgresPort.PROTOCOL, declared.database(), address(context), encrypted(context), declared.described());
        Credential credential = new Credential.BearerToken(message.password());
        try {
            shared.worker().execute(() -> {
                SignIn answer;
                try {
                    answer = shared.listener().signIn(credential, connection);
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "sign-in from " + connection.client() + " failed", e);
                    answer = new SignIn.Unavailable(
                            "the gateway cannot sign anybody in at the moment", "Try again later.");
                }
                SignIn known = answer;
                context.executor().execute(() -> signedIn(context, declared, known));
            });
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "sign-in from " + connection.client() + " found no worker", e);
            refuse(
                    context,
                    Report.fatal("53300", "the gateway is too busy to sign anybody in")
                            .hint("Try again later."));
        }
    }

    private void signedIn(ChannelHandlerContext context, StartParameters declared, SignIn answer) {
        switch (answer) {
            case SignIn.Refused(String reason, String hint) -> {
                shared.counters().up(Counter.SIGN_INS_REFUSED_TOTAL);
                refuse(context, Report.fatal("28P01", reason).hint(hint));
            }
            case SignIn.Unavailable(String reason, String hint) -> {
                shared.counters().up(Counter.SIGN_INS_REFUSED_TOTAL);
                refuse(context, Report.fatal("57P03", reason).hint(hint));
            }
            case SignIn.Accepted accepted
            when !context.channel().isActive() ->
                shared.listener().closed(accepted.session(), "the client disconnected while it signed in");
            case SignIn.Accepted accepted -> {
                stopClock();
                PostgresSession session = new PostgresSession(context.channel(), accepted, keyLength, shared);
                context.channel().closeFuture().addListener(closed -> session.clientGone());
                context.pipeline().remove(this);
                session.dial(declared);
            }
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable root = cause.getCause() instanceof Malformed inner ? inner : cause;
        if (root instanceof Malformed malformed) {
            shared.counters().up(Counter.FRAMES_REFUSED_TOTAL);
            LOG.log(Level.WARNING, "connection from {0}: {1}", address(context), malformed.getMessage());
            refuse(context, Report.fatal(Malformed.PROTOCOL_VIOLATION, malformed.getMessage()));
            return;
        }
        LOG.log(Level.INFO, "connection from {0} broke before sign-in: {1}", address(context), root.getMessage());
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopClock();
        over = true;
        super.channelInactive(context);
    }

    private void refuse(ChannelHandlerContext context, Report report) {
        over = true;
        stopClock();
        context.writeAndFlush(PostgresCodec.encode(context.alloc(), (BackendMessage) report))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void finish(ChannelHandlerContext context) {
        over = true;
        stopClock();
        context.close();
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    private void answer(ChannelHandlerContext context, char letter) {
        answered = true;
        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) letter}));
    }

    private static void write(ChannelHandlerContext context, BackendMessage message) {
        context.write(PostgresCodec.encode(context.alloc(), message));
    }

    private static boolean encrypted(ChannelHandlerContext context) {
        return context.pipeline().get(SslHandler.class) != null;
    }

    private static String address(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : String.valueOf(context.channel().remoteAddress());
    }

    private static Malformed violation(String message) {
        return new Malformed(Malformed.PROTOCOL_VIOLATION, message);
    }
}
