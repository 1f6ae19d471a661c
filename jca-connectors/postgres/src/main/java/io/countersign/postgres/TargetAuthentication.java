package io.countersign.postgres;

import com.ongres.scram.common.exception.ScramException;
import com.ongres.scram.common.exception.ScramRuntimeException;
import com.ongres.scram.common.util.TlsServerEndpoint;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.PasswordMessage;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * How the gateway proves to a target who it is (54.2.1 "Start-up", 54.3 "SASL Authentication"), and makes sure that it is the
 * target that asks: by SCRAM, or with less than that only over verified TLS.
 *
 * <p>Confined to the event loop of the target's channel.
 */
final class TargetAuthentication {

    private static final String DISAGREE = "and the gateway do not agree on SCRAM";

    private static final String NO_PASSWORD = "asks for a password, and the policy gives none for it";

    private static final String BINDING = "channel binding, which the target's channel-binding: require demands";

    private final Target target;
    private final Executor worker;
    private final Failure failure;
    private @Nullable Scram scram;
    private boolean done;

    /** Told why there is no log-in, in words that follow the target's name. */
    @FunctionalInterface
    interface Failure {
        void because(String what, @Nullable Throwable cause);
    }

    /** @param worker derives keys, which takes milliseconds */
    TargetAuthentication(Target target, Executor worker, Failure failure) {
        this.target = target;
        this.worker = worker;
        this.failure = failure;
    }

    /** Whether the target has let the gateway in, as the policy wants it to. */
    boolean done() {
        return done;
    }

    /** @throws Malformed where SASL does not come in its order */
    void answer(ChannelHandlerContext context, Authentication authentication) {
        if (done) {
            fail("asks again who the gateway is after it has let it in");
            return;
        }
        switch (authentication) {
            case Authentication.Ok ok -> {
                // "trust" on the server's side is its own decision; a SCRAM exchange must have been finished.
                if (scram != null && !scram.proven()) {
                    fail("skips the end of SCRAM");
                } else if (mustBind() && (scram == null || !scram.bound())) {
                    fail("lets the gateway in without " + BINDING);
                } else {
                    done = true;
                }
            }
            case Authentication.Sasl(List<String> mechanisms) -> startScram(context, mechanisms);
            case Authentication.SaslContinue(String data) -> {
                Scram exchange = started();
                challenged(context, exchange, data);
            }
            case Authentication.SaslFinal(String data) -> {
                try {
                    started().last(data);
                } catch (ScramException | ScramRuntimeException e) {
                    fail("cannot prove that it knows the password");
                }
            }
            case Authentication.CleartextPassword clear -> tell(context, Secret::reveal, "the password in clear text");
            case Authentication.Md5Password md5 ->
                tell(
                        context,
                        password -> Md5.response(target.user(), password, md5.salt()),
                        "a password hashed by MD5");
            case Authentication.KerberosV5 kerberos -> unsupported("Kerberos");
            case Authentication.Gss gss -> unsupported("GSSAPI");
            case Authentication.GssContinue next -> unsupported("GSSAPI");
            case Authentication.Sspi sspi -> unsupported("SSPI");
        }
    }

    private void unsupported(String way) {
        fail("asks for log-in by " + way + "; the gateway knows SCRAM-SHA-256, MD5, password and certificates");
    }

    /** In weaker ways than SCRAM, and only to whom it is meant for. */
    private void tell(ChannelHandlerContext context, Function<Secret, String> form, String what) {
        if (mustBind()) {
            fail("asks for " + what + " and not for SCRAM with " + BINDING);
            return;
        }
        if (context.pipeline().get(SslHandler.class) == null) {
            fail("asks for " + what + ", which needs tls: verify-full; without it only SCRAM-SHA-256 is accepted");
            return;
        }
        target.password()
                .ifPresentOrElse(
                        password -> say(context, new PasswordMessage(Secret.of(form.apply(password)))),
                        () -> fail(NO_PASSWORD));
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
            fail(NO_PASSWORD);
            return;
        }
        try {
            Scram exchange = new Scram(
                    mechanisms, channelBinding(context), target.password().get());
            if (mustBind() && !exchange.bound()) {
                fail("does not offer SCRAM with " + BINDING);
                return;
            }
            scram = exchange;
            say(context, exchange.first());
        } catch (ScramException | RuntimeException e) {
            fail(DISAGREE, e);
        }
    }

    /** Key derivation takes milliseconds, the first time: not on an event loop. */
    private void challenged(ChannelHandlerContext context, Scram exchange, String data) {
        try {
            if (exchange.challenged(data)) {
                say(context, exchange.next());
            } else {
                worker.execute(() -> derive(context, exchange));
            }
        } catch (ScramException | RuntimeException e) {
            fail(DISAGREE, e);
        }
    }

    private void derive(ChannelHandlerContext context, Scram exchange) {
        try {
            FrontendMessage response = exchange.next();
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

    private static void say(ChannelHandlerContext context, FrontendMessage message) {
        context.writeAndFlush(PostgresCodec.encode(context.alloc(), message));
    }

    private void fail(String what) {
        failure.because(what, null);
    }

    private void fail(String what, Throwable cause) {
        failure.because(what, cause);
    }
}
