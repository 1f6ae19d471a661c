package io.countersign.postgres;

import io.countersign.api.Content;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.core.Valve;
import io.countersign.core.Valve.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/** The client's channel once its session has begun, and the way from there to the target's. */
final class ClientSide extends ChannelInboundHandlerAdapter implements Outlet {

    private static final System.Logger LOG = System.getLogger(ClientSide.class.getName());

    private final PostgresSession session;
    private final Channel target;
    private final Valve targetValve;
    private final Counters counters;
    private final Permits permits;
    private boolean unflushed;

    ClientSide(PostgresSession session, Channel target, Valve targetValve, Counters counters, Permits permits) {
        this.session = session;
        this.target = target;
        this.targetValve = targetValve;
        this.counters = counters;
        this.permits = permits;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        counters.add(Counter.BYTES_FROM_CLIENTS_TOTAL, bytes.readableBytes());
        if (session.closed() || !session.started()) {
            // Nothing may be said before the first ReadyForQuery (54.2.1).
            bytes.release();
            end("08P01", "the client spoke before its session was ready", "");
            return;
        }
        session.reading().read(bytes);
        session.relieve();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        targetValve.set(Reason.PEER_SLOW, !context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!Breakage.isOfConnection(cause)) {
            session.failed(cause);
            return;
        }
        LOG.log(Level.DEBUG, "session " + session.id() + ": client side", cause);
        session.close("the client's connection broke: " + Breakage.words(cause));
    }

    @Override
    public void forward(ByteBuf bytes) {
        unflushed = true;
        target.write(bytes, target.voidPromise());
    }

    @Override
    public boolean writable() {
        return target.isWritable();
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            target.flush();
        }
    }

    @Override
    public void running(
            long number, Reading reading, Content content, Verdict.Permit permit, Consumer<Permitted> told) {
        permits.running(number, reading, content, permit, told);
    }

    @Override
    public void terminate() {
        session.close("the client ended it");
    }

    @Override
    public void unpinned() {
        session.unpinned();
    }

    @Override
    public void end(String sqlState, String message, String hint) {
        session.end(sqlState, message, hint);
    }
}
