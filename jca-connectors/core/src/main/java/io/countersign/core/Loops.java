package io.countersign.core;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.ResourceLeakDetector;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of one adapter, and the channel classes that run on them: Linux's epoll itself where Netty's native library
 * can be loaded, which costs a tenth less than the JDK's selectors, and these elsewhere.
 */
public final class Loops implements AutoCloseable {

    /** A loop saturates a core with relayed rows; more loops than cores only add switches. */
    private static final int MOST = 8;

    private static final Logger LOG = System.getLogger(Loops.class.getName());

    private static final boolean NATIVE = Epoll.isAvailable();

    static {
        // Netty wraps one buffer in 128 to find those that are lost. What reads buffers is then compiled for classes
        // that are hardly ever there, and again when the first one comes: a tenth of the rate after a start. Whoever
        // looks for a leak sets the property.
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
    }

    private final EventLoopGroup group;

    /**
     * @param threads starts each loop once, for its whole life (in the container: the JCA work manager)
     */
    public Loops(Executor threads) {
        LOG.log(
                Level.INFO,
                NATIVE
                        ? "connections are served by epoll"
                        : "connections are served by the JDK's selectors, because epoll cannot be used here: "
                                + Epoll.unavailabilityCause());
        int count = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, MOST);
        this.group = new MultiThreadIoEventLoopGroup(
                count, threads, NATIVE ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    public EventLoopGroup group() {
        return group;
    }

    public Class<? extends ServerSocketChannel> serverChannel() {
        return NATIVE ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    public static Class<? extends SocketChannel> clientChannel() {
        return NATIVE ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    /** Closes every channel and gives the threads back. */
    @Override
    public void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }
}
