package io.countersign.core;

import io.countersign.core.Counters.Counter;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One listening port: accepts connections up to a limit and hands each to the protocol. */
public final class Listener implements AutoCloseable {

    /** How many bytes may wait for a slow reader before its source is not read any more. */
    public static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

    private final Loops loops;
    private final int most;
    private final Counters counters;
    private final Consumer<SocketChannel> welcome;
    private final Function<SocketChannel, ByteBuf> full;
    private final AtomicInteger open = new AtomicInteger();
    private @Nullable Channel bound;

    /**
     * @param most    connections at the same time, signed in or not
     * @param welcome called for each connection on its event loop
     * @param full    what a connection beyond the limit is told, in its own protocol, before it is closed
     */
    public Listener(
            Loops loops,
            int most,
            Counters counters,
            Consumer<SocketChannel> welcome,
            Function<SocketChannel, ByteBuf> full) {
        this.loops = loops;
        this.most = most;
        this.counters = counters;
        this.welcome = welcome;
        this.full = full;
    }

    /** @throws IOException where the address cannot be bound */
    public synchronized void open(InetSocketAddress address) throws IOException {
        if (bound != null) {
            return;
        }
        var bind = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 1024)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accept(channel);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bind.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + address + ": " + bind.cause().getMessage(), bind.cause());
        }
        bound = bind.channel();
    }

    public synchronized boolean listening() {
        return bound != null && bound.isActive();
    }

    /** Where it listens; what tests ask for after binding port 0. */
    public synchronized InetSocketAddress address() {
        if (bound == null) {
            throw new IllegalStateException("not listening");
        }
        return (InetSocketAddress) bound.localAddress();
    }

    /** Accepts no more; connections that are open stay so. */
    @Override
    public synchronized void close() {
        if (bound != null) {
            bound.close().awaitUninterruptibly();
            bound = null;
        }
    }

    private void accept(SocketChannel channel) {
        counters.up(Counter.CONNECTIONS_TOTAL);
        counters.up(Counter.CONNECTIONS_OPEN);
        channel.closeFuture().addListener(closed -> {
            open.decrementAndGet();
            counters.down(Counter.CONNECTIONS_OPEN);
        });
        if (open.incrementAndGet() > most) {
            counters.up(Counter.CONNECTIONS_REFUSED_TOTAL);
            channel.config().setAutoRead(false);
            channel.writeAndFlush(full.apply(channel)).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        welcome.accept(channel);
    }
}
