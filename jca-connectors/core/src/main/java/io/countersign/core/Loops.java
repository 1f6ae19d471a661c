package io.countersign.core;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** The event loops of one adapter, and the channel classes that run on them. */
public final class Loops implements AutoCloseable {

    /** A loop saturates a core with relayed rows; more loops than cores only add switches. */
    private static final int MOST = 8;

    private final EventLoopGroup group;

    /**
     * @param threads starts each loop once, for its whole life (in the container: the JCA work manager)
     */
    public Loops(Executor threads) {
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST);
        this.group = new MultiThreadIoEventLoopGroup(count, threads, NioIoHandler.newFactory());
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return NioServerSocketChannel.class;
    }

    public static Class<? extends SocketChannel> clientChannel() {
        return NioSocketChannel.class;
    }

    /** Closes every channel and gives the threads back. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
