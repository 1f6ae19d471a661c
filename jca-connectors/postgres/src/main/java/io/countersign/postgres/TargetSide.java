package io.countersign.postgres;

import io.countersign.core.LiveSession;
import io.countersign.postgres.message.ParameterStatus;
import io.countersign.postgres.message.ReadyForQuery;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The target's channel once its session has begun, and the way from its answers to the client's side. */
final class TargetSide extends ChannelInboundHandlerAdapter implements AnswerListener {

    private static final System.Logger LOG = System.getLogger(TargetSide.class.getName());

    private final PostgresSession session;
    private final LiveSession live;
    private final SessionState state;
    private final Catalogue catalogue;
    private final SnapshotWatch watch;

    TargetSide(
            PostgresSession session, LiveSession live, SessionState state, Catalogue catalogue, SnapshotWatch watch) {
        this.session = session;
        this.live = live;
        this.state = state;
        this.catalogue = catalogue;
        this.watch = watch;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        session.talking().read((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        session.talking().flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable() && !session.closed()) {
            progressed();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end("08006", "the target closed the connection", "Connect again.");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!Breakage.isOfConnection(cause)) {
            session.failed(cause);
            return;
        }
        LOG.log(Level.DEBUG, "session " + session.id() + ": target side", cause);
        end("08006", "the connection to the target broke", "Connect again.");
    }

    @Override
    public void finished(Running running) {
        if (running.finished) {
            return;
        }
        running.finished = true;
        if (running.number > 0) {
            live.finished(
                    running.number,
                    running.status,
                    running.detail,
                    running.counted > 0 ? running.counted : running.rows,
                    running.bytes,
                    Duration.ofNanos(running.nanos()));
        }
        session.reading().pipeline().finished(running);
    }

    @Override
    public void ready(ReadyForQuery.Status status) {
        if (!session.started()) {
            state.ready(status);
            session.start(status);
            return;
        }
        watch.ready(status);
        session.reading().pipeline().ready(status);
    }

    @Override
    public void failed() {
        session.reading().pipeline().failed();
        // What waits for a verdict will not be carried out any more: nobody needs to decide on it, nor the client to
        // wait.
        live.withdraw();
    }

    @Override
    public void copyIn() {
        session.reading().pipeline().copyIn();
    }

    @Override
    public void parameter(ParameterStatus status) {
        state.report(status.name(), status.value());
        if (!state.pinned()) {
            session.unpinned();
        }
    }

    @Override
    public void named(String name, @Nullable Prepared prepared) {
        session.reading().names().named(name, prepared);
    }

    @Override
    public void unbound(Portal portal) {
        session.reading().names().unbound(portal);
    }

    @Override
    public void carriedOut(Running running, int place, String tag) {
        session.reading().names().carriedOut(running, place);
        watch.carriedOut(running.reading.statements(), place);
        if (tag.startsWith("ALTER") || tag.startsWith("DROP") || tag.startsWith("CREATE")) {
            catalogue.forget();
        }
    }

    @Override
    public void progressed() {
        session.progressed();
    }

    @Override
    public void poison(boolean sync) {
        session.reading().pipeline().poison(sync);
    }

    @Override
    public void end(String sqlState, String message, String hint) {
        session.end(sqlState, message, hint);
    }
}
