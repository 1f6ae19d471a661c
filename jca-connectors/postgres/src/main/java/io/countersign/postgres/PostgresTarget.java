package io.countersign.postgres;

import io.countersign.api.Target;
import io.countersign.core.Listener;
import io.countersign.core.Loops;
import io.countersign.postgres.message.StartupPacket;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dials a target and logs in there with the credential that only the gateway knows: TLS with a verified host name where
 * the policy says so, with a certificate of the gateway's own where it has one, then SCRAM-SHA-256 (RFC 7677), bound to the TLS channel (RFC 5929 {@code tls-server-end-point})
 * where the server offers that or the policy demands it. In clear text or as MD5 a password is sent only to a server that TLS has verified: anybody
 * else could ask for it.
 */
final class PostgresTarget {

    private static final System.Logger LOG = System.getLogger(PostgresTarget.class.getName());

    /** Of protocol 3: 3.2 allows longer cancel keys. A server that knows 3.0 only says so (54.2.1). */
    private static final int NEWEST_MINOR = 2;

    private static final int CONNECT_MILLIS = 10_000;

    private static final int LOGIN_SECONDS = 20;

    /** A connection to a target, ready for its first query. */
    record Upstream(Channel channel, Map<String, String> parameters, int processId, byte[] key) {}

    /** Why there is no such connection; the message is for the client and carries no credential. */
    static final class Unreachable extends Exception {

        private static final long serialVersionUID = 1L;

        Unreachable(Target target, String what, @Nullable Throwable cause) {
            super("target \"" + target.name() + "\" " + what, cause);
        }

        @Override
        public String getMessage() {
            String message = super.getMessage();
            return message == null ? "unreachable" : message;
        }
    }

    private final Target target;
    private final TargetTls tls;
    private final EventLoop loop;
    private final Executor worker;

    /**
     * @param loop   of the connection to come
     * @param worker for what takes long or blocks: names, certificates, key derivation
     */
    PostgresTarget(Target target, TargetTls tls, EventLoop loop, Executor worker) {
        this.target = target;
        this.tls = tls;
        this.loop = loop;
        this.worker = worker;
    }

    /** @return fails with {@link Unreachable} */
    CompletionStage<Upstream> dial(Map<String, String> settings) {
        CompletableFuture<Upstream> dialled = new CompletableFuture<>();
        Map<String, String> parameters = new LinkedHashMap<>(settings);
        parameters.put("user", target.user());
        parameters.put("database", target.database());
        parameters.put("client_encoding", "UTF8");
        parameters.put("standard_conforming_strings", "on");
        connect(
                new StartupPacket.Startup(3, NEWEST_MINOR, parameters),
                () -> connect(new StartupPacket.Startup(3, 0, parameters), () -> {}, dialled),
                dialled);
        return inTime(dialled);
    }

    /**
     * Asks the target to stop what a session does. The server closes that connection without an answer, once it has.
     *
     * @return done then, or where it does not come to that
     */
    CompletionStage<Void> cancel(Upstream upstream) {
        if (upstream.key().length == 0) {
            LOG.log(Level.DEBUG, "target {0} gave no cancel key, so nothing there can be cancelled", target.name());
            return CompletableFuture.completedStage(null);
        }
        CompletableFuture<Upstream> closed = inTime(new CompletableFuture<>());
        connect(new StartupPacket.CancelRequest(upstream.processId(), upstream.key()), () -> {}, closed);
        return closed.handle((never, ended) -> null);
    }

    /** One that hangs ends its connection: clients can ask for many. */
    private CompletableFuture<Upstream> inTime(CompletableFuture<Upstream> dialled) {
        Future<?> late = loop.schedule(
                () -> dialled.completeExceptionally(new Unreachable(target, "does not answer in time", null)),
                LOGIN_SECONDS,
                TimeUnit.SECONDS);
        dialled.whenComplete((upstream, failure) -> late.cancel(false));
        return dialled;
    }

    private void connect(StartupPacket first, Runnable older, CompletableFuture<Upstream> dialled) {
        routed().thenAccept(route -> new Bootstrap()
                        .group(loop)
                        .channel(Loops.clientChannel())
                        .option(ChannelOption.TCP_NODELAY, true)
                        .option(ChannelOption.SO_KEEPALIVE, true)
                        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                        .option(ChannelOption.WRITE_BUFFER_WATER_MARK, Listener.WATER_MARK)
                        .handler(new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline()
                                        .addLast(
                                                "login",
                                                new TargetLogin(target, route.tls, first, older, worker, dialled));
                            }
                        })
                        .connect(route.address)
                        .addListener((Future<Void> done) -> {
                            if (!done.isSuccess()) {
                                dialled.completeExceptionally(
                                        new Unreachable(target, "cannot be reached", done.cause()));
                            }
                        }))
                .exceptionally(failure -> {
                    dialled.completeExceptionally(new Unreachable(
                            target,
                            "cannot be reached",
                            failure instanceof CompletionException && failure.getCause() != null
                                    ? failure.getCause()
                                    : failure));
                    return null;
                });
    }

    /**
     * At once where nothing of it can block: each change of threads is a wait where many sessions begin. Fails where no worker
     * is to be had, rather than leaving whoever dials without an answer.
     */
    private CompletableFuture<Route> routed() {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(target.host());
        if (literal != null && target.tls() instanceof Target.Tls.Off) {
            return CompletableFuture.completedFuture(new Route(new InetSocketAddress(literal, target.port()), null));
        }
        try {
            return CompletableFuture.supplyAsync(this::prepare, worker);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private record Route(
            InetSocketAddress address, @Nullable SslContext tls) {}

    private Route prepare() {
        try {
            SslContext context = target.tls() instanceof Target.Tls.VerifyFull full ? tls.context(target, full) : null;
            return new Route(new InetSocketAddress(InetAddress.getByName(target.host()), target.port()), context);
        } catch (java.io.IOException | IllegalArgumentException e) {
            throw new CompletionException(e);
        }
    }
}
