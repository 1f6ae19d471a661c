package io.countersign.postgres;

import io.countersign.core.ServerTls;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;

/**
 * A connection's first bytes (54.2.1 "Start-up"): TLS, what the client declares, the version that both speak. {@link
 * PostgresSignIn} goes on from there.
 */
final class PostgresStart extends Entrance {

    /** The first byte of a TLS record with a handshake (RFC 8446 §5.1); no start-up packet is that long. */
    private static final byte TLS_HANDSHAKE = 0x16;

    /** Protocol 3.2 allows longer keys. */
    private static final int LONG_KEY = 32;

    private static final int SHORT_KEY = 4;

    private final ServerTls tls;
    private final ClientSignIn signIn;
    private boolean answered;

    PostgresStart(ServerTls tls, ClientSignIn signIn, Shared shared) {
        super(shared, System.nanoTime());
        this.tls = tls;
        this.signIn = signIn;
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) {
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
                // A client that waits for the end must not have its next command cancelled.
                deaf(true);
                shared().keys()
                        .cancel(cancel.processId(), cancel.key())
                        .thenRun(() -> context.executor().execute(() -> finish(context)));
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
        TokenRequest asks;
        try {
            declared = StartParameters.read(startup);
            asks = signIn.request(declared.signIn(), encrypted(context));
        } catch (StartParameters.Refused e) {
            refuse(context, e.report());
            return;
        }
        int minor = Math.min(startup.minor(), 2);
        if (minor == 1) {
            // 3.1 was never released; what a newer client may fall back to is 3.0.
            minor = 0;
        }
        if (minor != startup.minor() || !declared.unknown().isEmpty()) {
            write(context, new NegotiateProtocolVersion(3 << 16 | minor, declared.unknown()));
        }
        context.pipeline()
                .replace(
                        this,
                        "sign-in",
                        new PostgresSignIn(declared, asks, minor == 2 ? LONG_KEY : SHORT_KEY, shared(), begun()));
    }

    private void answer(ChannelHandlerContext context, char letter) {
        answered = true;
        context.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {(byte) letter}));
    }
}
