package io.countersign.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.countersign.api.Secret;
import io.countersign.api.Target;
import io.countersign.postgres.PostgresTarget.Unreachable;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.TokenRequest.Next;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.StartupPacket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SCRAM with targets (RFC 5802) and OAUTHBEARER with clients (RFC 7628), whatever the other side says. */
class AnySignInProvesItselfOrFailsTest {

    private static final String PASSWORD = "correct horse battery staple";

    private static final Target TARGET = new Target(
            "shop",
            "postgres",
            "localhost",
            5432,
            "shop",
            "gateway",
            Optional.of(Secret.of(PASSWORD)),
            new Target.Tls.Off());

    private static final Pattern NONCE = Pattern.compile("r=([^,]+)");

    /** @param input what the server sends; NONCE in it becomes the client's own */
    @FuzzTest
    void atTargets(byte[] input) throws Exception {
        CompletableFuture<Upstream> dialled = new CompletableFuture<>();
        EmbeddedChannel channel = new EmbeddedChannel(new TargetLogin(
                TARGET,
                null,
                new StartupPacket.Startup(3, 2, Map.of("user", "gateway")),
                () -> dialled.completeExceptionally(new Unreachable(TARGET, "is older", null)),
                Runnable::run,
                dialled));
        StringBuilder said = new StringBuilder();
        String rest = new String(input, ISO_8859_1);
        // Message by message, as a server does: the nonce is known once the first has been answered.
        while (!rest.isEmpty() && channel.isOpen()) {
            rest = rest.replace("NONCE", nonce(said));
            byte[] all = rest.getBytes(ISO_8859_1);
            if (all.length == 0) {
                break;
            }
            int length =
                    all.length < 5 ? all.length : Unpooled.wrappedBuffer(all).getInt(1) + 1;
            int next = Math.clamp(length, 1, all.length);
            channel.writeInbound(Unpooled.wrappedBuffer(all, 0, next));
            channel.runPendingTasks();
            for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
                said.append(out.toString(ISO_8859_1));
                out.release();
            }
            rest = new String(all, next, all.length - next, ISO_8859_1);
        }
        boolean ready = dialled.isDone() && !dialled.isCompletedExceptionally();
        channel.finishAndReleaseAll();

        assertThat(dialled).isDone();
        assertThat(said.toString()).doesNotContain(PASSWORD);
        if (ready) {
            assertThat(nonce(said))
                    .as("nobody here can prove to know the password")
                    .isEmpty();
        }
        if (dialled.isCompletedExceptionally()) {
            assertThat(dialled.exceptionNow()).isInstanceOf(Unreachable.class).hasMessageNotContaining(PASSWORD);
        }
    }

    private static String nonce(CharSequence said) {
        Matcher nonce = NONCE.matcher(said);
        return nonce.find() ? nonce.group(1) : "";
    }

    /** @param input the bodies of a client's answers, each after its length in two bytes */
    @FuzzTest
    void byClients(byte[] input) {
        TokenRequest request = new OAuthBearer(new ClientSignIn.Issuer(URI.create("https://issuer.test"), "openid"));
        ByteBuf answers = Unpooled.wrappedBuffer(input);
        try {
            while (answers.readableBytes() >= 2) {
                ByteBuf body = answers.readSlice(Math.min(answers.readUnsignedShort(), answers.readableBytes()));
                switch (request.answer(body)) {
                    case Next.Verify(Secret token) -> {
                        assertThat(token.reveal()).matches("[A-Za-z0-9._~+/-]+=*");
                        assertThat(new String(input, ISO_8859_1)).contains(token.reveal());
                        assertThat(request.refused("no", "hint")).isNotInstanceOf(Next.Verify.class);
                    }
                    case Next.Ask ask -> assertThat(ask.toString()).isNotEmpty();
                    case Next.Refuse(var report) -> {
                        assertThat(report.severity()).isEqualTo("FATAL");
                        return;
                    }
                }
            }
        } catch (Malformed e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
