package io.countersign.postgres;

import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.Secret;
import io.countersign.api.SignIn;
import io.countersign.core.Counters.Counter;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.Authentication;
import io.countersign.postgres.message.PasswordMessage;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.SslHandler;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** From what a client declares to its session (54.2.1): asks for its token and has it verified. */
final class PostgresSignIn extends Entrance {

    private static final System.Logger LOG = System.getLogger(PostgresSignIn.class.getName());

    private final StartParameters declared;
    private final TokenRequest request;
    private final int keyLength;

    /**
     * @param keyLength of the cancel key to come, in bytes
     * @param begun     when the connection was made, by {@link System#nanoTime}
     */
    PostgresSignIn(StartParameters declared, TokenRequest request, int keyLength, Shared shared, long begun) {
        super(shared, begun);
        this.declared = declared;
        this.request = request;
        this.keyLength = keyLength;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        super.handlerAdded(context);
        ask(context, request.question());
    }

    @Override
    void read(ChannelHandlerContext context, ByteBuf in) {
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
            throw violation("the client's token was due");
        }
        PostgresCodec.checkFrontend(type, length);
        if (in.readableBytes() < length) {
            return;
        }
        ByteBuf body = in.readSlice(length).skipBytes(PostgresCodec.HEADER);
        if (in.isReadable()) {
            throw violation("something follows the client's token");
        }
        go(context, request.answer(body));
    }

    private void go(ChannelHandlerContext context, TokenRequest.Next next) {
        switch (next) {
            case TokenRequest.Next.Ask(Authentication question) -> ask(context, question);
            case TokenRequest.Next.Verify(Secret token) -> verify(context, token);
            case TokenRequest.Next.Refuse(Report report) -> refuse(context, report);
        }
    }

    private static void ask(ChannelHandlerContext context, Authentication question) {
        write(context, question);
        context.flush();
    }

    private void verify(ChannelHandlerContext context, Secret token) {
        deaf(true);
        Connection connection = new Connection(
                PostgresPort.PROTOCOL, declared.database(), address(context), encrypted(context), declared.described());
        Credential credential = new Credential.BearerToken(
                token,
                Optional.ofNullable(context.pipeline().get(SslHandler.class)).flatMap(ServerTls::thumbprint));
        try {
            shared().worker().execute(() -> {
                SignIn answer;
                try {
                    answer = shared().listener().signIn(credential, connection);
                } catch (RuntimeException e) {
                    LOG.log(Level.ERROR, "sign-in from " + connection.client() + " failed", e);
                    answer = new SignIn.Unavailable(
                            "the gateway cannot sign anybody in at the moment", "Try again later.");
                }
                SignIn known = answer;
                context.executor().execute(() -> verified(context, known));
            });
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "sign-in from " + connection.client() + " found no worker", e);
            refuse(
                    context,
                    Report.fatal("53300", "the gateway is too busy to sign anybody in")
                            .hint("Try again later."));
        }
    }

    private void verified(ChannelHandlerContext context, SignIn answer) {
        switch (answer) {
            case SignIn.Refused(String reason, String hint) -> {
                shared().counters().up(Counter.SIGN_INS_REFUSED_TOTAL);
                deaf(false);
                go(context, request.refused(reason, hint));
            }
            case SignIn.Unavailable(String reason, String hint) -> {
                shared().counters().up(Counter.SIGN_INS_REFUSED_TOTAL);
                refuse(context, Report.fatal("57P03", reason).hint(hint));
            }
            case SignIn.Accepted accepted
            when !context.channel().isActive() ->
                shared().listener().closed(accepted.session(), "the client disconnected while it signed in");
            case SignIn.Accepted accepted -> {
                PostgresSession session = new PostgresSession(context.channel(), accepted, keyLength, shared());
                context.channel().closeFuture().addListener(closed -> session.clientGone());
                context.pipeline().remove(this);
                session.dial(declared);
            }
        }
    }
}
