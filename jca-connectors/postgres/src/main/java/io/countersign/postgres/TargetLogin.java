package io.countersign.postgres;

import io.countersign.api.Target;
import io.countersign.postgres.PostgresTarget.Unreachable;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The server's side of 54.2.1 "Start-up", seen from the client: from the connection to the first ReadyForQuery. */
final class TargetLogin extends ByteToMessageDecoder {

    private final Target target;
    private final @Nullable SslContext tls;
    private final StartupPacket first;
    private final Runnable older;
    private final TargetAuthentication authentication;
    private final CompletableFuture<Upstream> dialled;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int minor;
    private boolean tlsAsked;
    private boolean begun;
    private boolean answered;
    private boolean over;
    private int processId;
    private byte[] key = new byte[0];

    /**
     * @param tls     absent where the connection stays in clear
     * @param first   what the connection begins with
     * @param older   tries again in protocol 3.0; called where the server does not let this one negotiate
     * @param worker  for what takes long
     * @param dialled told how it ends
     */
    TargetLogin(
            Target target,
            @Nullable SslContext tls,
            StartupPacket first,
            Runnable older,
            Executor worker,
            CompletableFuture<Upstream> dialled) {
        this.target = target;
        this.tls = tls;
        this.first = first;
        this.older = older;
        this.authentication = new TargetAuthentication(target, worker, this::fail);
        this.dialled = dialled;
        this.minor = first instanceof StartupPacket.Startup startup ? startup.minor() : 0;
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
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (dialled.isDone()) {
            // Whoever takes the connection reads on from here: a server that asks to log in again gets no proof.
            return;
        }
        if (tlsAsked) {
            byte answer = in.readByte();
            tlsAsked = false;
            // Anything that follows the answer in clear could have been put there by somebody else
            // (CVE-2021-23222).
            if (answer != 'S' || in.isReadable()) {
                fail("does not offer TLS");
                return;
            }
            encrypt(context);
            return;
        }
        int length = PostgresCodec.frameLength(in, in.readerIndex());
        if (length > PostgresCodec.LONGEST_PASSWORD) {
            fail("sends a message that is too long");
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
            case Authentication asked -> {
                answered = true;
                authentication.answer(context, asked);
            }
            case ParameterStatus status when authentication.done() -> parameters.put(status.name(), status.value());
            case BackendKeyData data when authentication.done() -> cancelKey(data);
            case ReadyForQuery ready
            when authentication.done() -> {
                context.channel().config().setAutoRead(false);
                if (!dialled.complete(new Upstream(context.channel(), Map.copyOf(parameters), processId, key))) {
                    context.close();
                }
            }
            case Report report when report.type() == Report.NOTICE -> {}
            case NegotiateProtocolVersion version when !answered -> negotiate(context, version);
            case Report report when mayBeTooNew() && ofTheVersion(report) -> again(context);
            case Report report ->
                fail(
                        "refuses the gateway's log-in (" + report.sqlState() + ")",
                        new IllegalStateException(report.message()));
            default -> fail("answers in an unexpected way");
        }
    }

    private void negotiate(ChannelHandlerContext context, NegotiateProtocolVersion version) {
        if (!version.unknown().isEmpty()) {
            fail("does not know protocol options that it was never asked for");
        } else if (mayBeTooNew() && version.version() == (3 << 16 | 1)) {
            // No server speaks 3.1, but a well-known pooler claimed it while it could not negotiate.
            again(context);
        } else if (version.version() != 3 << 16) {
            fail("speaks protocol " + (version.version() >>> 16) + "." + (version.version() & 0xffff));
        } else {
            minor = 0;
        }
    }

    /** Whether a refusal may mean no more than that the server does not know of newer minor versions. */
    private boolean mayBeTooNew() {
        return begun && minor > 0 && !answered;
    }

    /** feature_not_supported is a server's word for it, protocol_violation that of poolers. */
    private static boolean ofTheVersion(Report report) {
        return report.sqlState().equals("0A000") || report.sqlState().equals("08P01");
    }

    private void again(ChannelHandlerContext context) {
        over = true;
        context.close();
        older.run();
    }

    private void cancelKey(BackendKeyData data) {
        if (minor == 0 && data.key().length != 4) {
            fail("gives a cancel key of " + data.key().length + " bytes in protocol 3.0, which has 4");
            return;
        }
        processId = data.processId();
        key = data.key();
    }

    private void encrypt(ChannelHandlerContext context) {
        SslContext settings = tls;
        if (settings == null) {
            throw new IllegalStateException("TLS was not asked for");
        }
        SslHandler ssl = settings.newHandler(context.alloc(), target.host(), target.port());
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
        begun = true;
        send(context, first);
    }

    private static void send(ChannelHandlerContext context, StartupPacket packet) {
        ByteBuf out = context.alloc().buffer();
        packet.encode(out);
        context.writeAndFlush(out);
    }

    private void fail(String what) {
        fail(what, null);
    }

    /** @param what follows the target's name */
    private void fail(String what, @Nullable Throwable cause) {
        dialled.completeExceptionally(new Unreachable(target, what, cause));
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
        if (!over && mayBeTooNew() && !dialled.isDone()) {
            again(context);
            return;
        }
        if (!over) {
            fail("closes the connection");
        }
    }
}
