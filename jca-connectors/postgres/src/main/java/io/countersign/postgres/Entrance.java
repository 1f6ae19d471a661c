package io.countersign.postgres;

import io.countersign.core.Counters.Counter;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Malformed;
import io.countersign.postgres.message.Report;
import io.netty.buffer.ByteBuf;
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

/** What holds for a connection while nobody is known: everything is small, and must be done in time. */
abstract class Entrance extends ByteToMessageDecoder {

    private static final System.Logger LOG = System.getLogger(Entrance.class.getName());

    /** The server's own default for authentication_timeout is 60 s. */
    static final int LONGEST_SECONDS = 30;

    private final Shared shared;
    private final long begun;
    private @Nullable Future<?> deadline;
    private boolean over;

    /** @param begun when the connection was made, by {@link System#nanoTime} */
    Entrance(Shared shared, long begun) {
        this.shared = shared;
        this.begun = begun;
        setSingleDecode(false);
    }

    /** Takes a message from the client, if it is there as a whole. */
    abstract void read(ChannelHandlerContext context, ByteBuf in);

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(
                        () -> refuse(
                                context,
                                Report.fatal("57014", "signing in took longer than " + LONGEST_SECONDS + " s")),
                        begun + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS) - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        stopClock();
    }

    @Override
    protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
        } else {
            read(context, in);
        }
    }

    final Shared shared() {
        return shared;
    }

    final long begun() {
        return begun;
    }

    /** What the client says is not listened to any more, or again. */
    final void deaf(boolean deaf) {
        over = deaf;
    }

    final void refuse(ChannelHandlerContext context, Report report) {
        over = true;
        stopClock();
        context.writeAndFlush(PostgresCodec.encode(context.alloc(), (BackendMessage) report))
                .addListener(ChannelFutureListener.CLOSE);
    }

    final void finish(ChannelHandlerContext context) {
        over = true;
        stopClock();
        context.close();
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
        LOG.log(Level.INFO, "connection from {0} broke before sign-in: {1}", address(context), Breakage.words(root));
        context.close();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        stopClock();
        over = true;
        super.channelInactive(context);
    }

    private void stopClock() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    static void write(ChannelHandlerContext context, BackendMessage message) {
        context.write(PostgresCodec.encode(context.alloc(), message));
    }

    static boolean encrypted(ChannelHandlerContext context) {
        return context.pipeline().get(SslHandler.class) != null;
    }

    static String address(ChannelHandlerContext context) {
        return context.channel().remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress() + ":" + address.getPort()
                : String.valueOf(context.channel().remoteAddress());
    }

    static Malformed violation(String message) {
        return new Malformed(Malformed.PROTOCOL_VIOLATION, message);
    }
}
