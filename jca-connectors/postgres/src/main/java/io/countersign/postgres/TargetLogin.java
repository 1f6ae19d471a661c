package io.countersign.postgres;

import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramRuntimeException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.postgres.PostgresTarget.Unreachable;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.BackendKeyData;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.NegotiateProtocolVersion;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** The server's side of 54.2.1 "Start-up", seen from the client: from the connection to the first ReadyForQuery. */
final class TargetLogin extends ByteToMessageDecoder {

    private static final String DISAGREE = "and the gateway do not agree on SCRAM";

    private static final String NO_PASSWORD = "asks for a password, and the policy gives none for it";

    private static final String BINDING = "channel binding, which the target's channel-binding: require demands";

    private final Target target;
    private final @Nullable SslContext tls;
    private final StartupPacket first;
    private final Runnable older;
    private final Executor worker;
    private final CompletableFuture<Upstream> dialled;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private int minor;
    private @Nullable Scram scram;
    private boolean tlsAsked;
    private boolean begun;
    private boolean answered;
    private boolean authenticated;
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
        this.worker = worker;
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
            case Authentication authentication -> {
                answered = true;
                authenticate(context, authentication);
            }
            case ParameterStatus status when authenticated -> parameters.put(status.name(), status.value());
            case BackendKeyData data when authenticated -> cancelKey(data);
            case ReadyForQuery ready
            when authenticated -> {
                context.channel().config().setAutoRead(false);
                if (!dialled.complete(new Upstream(context.channel(), Map.copyOf(parameters), processId, key))) {
                    context.close();
                }
            }
            case Report report when report.type() == Report.NOTICE -> {}
            case NegotiateProtocolVersion version when !answered -> negotiate(context, version);
            case Report report when mayBeTooNew() && ofTheVersion(report) -> again(context);
            case Report report -> fail("refuses the gateway's log-in (" + report.sqlState() + ")", report);
            default -> fail("answers in an unexpected way", null);
        }
    }

    private void negotiate(ChannelHandlerContext context, NegotiateProtocolVersion version) {
        if (!version.unknown().isEmpty()) {
            fail("does not know protocol options that it was never asked for", null);
        } else if (mayBeTooNew() && version.version() == (3 << 16 | 1)) {
            // No server speaks 3.1, but a well-known pooler claimed it while it could not negotiate.
            again(context);
        } else if (version.version() != 3 << 16) {
            fail("speaks protocol " + (version.version() >>> 16) + "." + (version.version() & 0xffff), null);
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
            fail("gives a cancel key of " + data.key().length + " bytes in protocol 3.0, which has 4", null);
            return;
        }
        processId = data.processId();
        key = data.key();
    }

    private void authenticate(ChannelHandlerContext context, Authentication authentication) {
        switch (authentication) {
            case Authentication.Ok ok -> {
                // "trust" on the server's side is its own decision; a SCRAM exchange must have been finished.
                if (scram != null && !scram.proven()) {
                    fail("skips the end of SCRAM", null);
                } else if (mustBind() && (scram == null || !scram.bound())) {
                    fail("lets the gateway in without " + BINDING, null);
                } else {
                    authenticated = true;
                }
            }
            case Authentication.Sasl(List<String> mechanisms) -> startScram(context, mechanisms);
            case Authentication.SaslContinue(String data) -> {
                Scram exchange = started();
                worker.execute(() -> next(context, exchange, data));
            }
            case Authentication.SaslFinal(String data) -> {
                try {
                    started().last(data);
                } catch (ScramException | ScramRuntimeException e) {
                    fail("cannot prove that it knows the password", null);
                }
            }
            case Authentication.CleartextPassword clear -> tell(context, Secret::reveal, "the password in clear text");
            case Authentication.Md5Password md5 ->
                tell(
                        context,
                        password -> Md5.response(target.user(), password, md5.salt()),
                        "a password hashed by MD5");
            case Authentication.Other(int code) ->
                fail(
                        "asks for authentication method " + code
                                + "; the gateway knows SCRAM-SHA-256, MD5 and password",
                        null);
        }
    }

    /** In weaker ways than SCRAM, and only to whom it is meant for. */
    private void tell(ChannelHandlerContext context, Function<Secret, String> form, String what) {
        if (mustBind()) {
            fail("asks for " + what + " and not for SCRAM with " + BINDING, null);
            return;
        }
        if (context.pipeline().get(SslHandler.class) == null) {
            fail(
                    "asks for " + what + ", which needs tls: verify-full; without it only SCRAM-SHA-256 is accepted",
                    null);
            return;
        }
        target.password()
                .ifPresentOrElse(
                        password -> say(context, new PasswordMessage(Secret.of(form.apply(password)))),
                        () -> fail(NO_PASSWORD, null));
    }

    private boolean mustBind() {
        return target.tls() instanceof Target.Tls.VerifyFull full
                && full.channelBinding() == Target.ChannelBinding.REQUIRE;
    }

    private Scram started() {
        Scram exchange = scram;
        if (exchange == null) {
            throw new Malformed(Malformed.PROTOCOL_VIOLATION, "SASL goes on before it has begun");
        }
        return exchange;
    }

    private void startScram(ChannelHandlerContext context, List<String> mechanisms) {
        if (scram != null) {
            throw new Malformed(Malformed.PROTOCOL_VIOLATION, "SASL begins twice");
        }
        if (target.password().isEmpty()) {
            fail(NO_PASSWORD, null);
            return;
        }
        try {
            Scram exchange = new Scram(
                    mechanisms, channelBinding(context), target.password().get());
            if (mustBind() && !exchange.bound()) {
                fail("does not offer SCRAM with " + BINDING, null);
                return;
            }
            scram = exchange;
            say(context, exchange.first());
        } catch (ScramException | RuntimeException e) {
            fail(DISAGREE, e);
        }
    }

    /** Key derivation takes milliseconds: not on an event loop. */
    private void next(ChannelHandlerContext context, Scram exchange, String data) {
        try {
            FrontendMessage response = exchange.next(data);
            context.executor().execute(() -> say(context, response));
        } catch (ScramException | RuntimeException e) {
            context.executor().execute(() -> fail(DISAGREE, e));
        }
    }

    private static byte[] channelBinding(ChannelHandlerContext context) throws ScramException {
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

    private static void say(ChannelHandlerContext context, FrontendMessage message) {
        context.writeAndFlush(PostgresCodec.encode(context.alloc(), message));
    }

    private void fail(String what, @Nullable Object detail) {
        dialled.completeExceptionally(new Unreachable(
                target,
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
        if (!over && mayBeTooNew() && !dialled.isDone()) {
            again(context);
            return;
        }
        if (!over) {
            fail("closes the connection", null);
        }
    }
}
