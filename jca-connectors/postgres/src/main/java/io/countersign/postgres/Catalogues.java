package io.countersign.postgres;

import io.countersign.api.Target;
import io.countersign.core.Counters;
import io.countersign.core.Counters.Counter;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.countersign.postgres.snapshot.Snapshots;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What is known of each database that sessions go to, and the connections of the gateway's own that ask for it. */
final class Catalogues {

    private record Database(String host, int port, String name) {}

    private record Account(Database database, String user) {}

    private static final Map<String, String> SETTINGS =
            Map.of("application_name", "countersign", "statement_timeout", "10000");

    /** For questions over the whole catalogue: nobody's operator stands in front, and nothing can be changed. */
    private static final Map<String, String> READING = Map.of(
            "application_name",
            "countersign",
            "statement_timeout",
            "10000",
            "lock_timeout",
            "2000",
            "default_transaction_read_only",
            "on",
            "search_path",
            "pg_catalog");

    /** The target gives up a little sooner by itself. */
    private static final int LONGEST_SECONDS = 15;

    /** Of an answer, in bytes. */
    private static final long MOST = 64L << 20;

    private final class Described {

        /** As the newest session has it, since credentials change. */
        private volatile Target target;

        private final Catalogue catalogue;

        Described(Target first) {
            target = first;
            catalogue = new Catalogue(question -> askNow(target, question).thenApplyAsync(Function.identity(), worker));
        }
    }

    private final class Watched {

        /** As the newest session has it, too. */
        private volatile Target target;

        private final Snapshots snapshots;

        Watched(Target first) {
            target = first;
            snapshots = new Snapshots(
                    first.name(),
                    question -> askNow(target, question, READING).thenApplyAsync(Function.identity(), worker),
                    clock,
                    () -> counters.up(Counter.CATALOGUES_FAILED_TOTAL));
        }
    }

    private final EventLoopGroup loops;
    private final TargetTls tls;
    private final Executor worker;
    private final InstantSource clock;
    private final Counters counters;
    private final Map<Account, Watched> watched = new ConcurrentHashMap<>();
    private final Map<Database, Described> described = new ConcurrentHashMap<>();
    private final Map<Database, CompletableFuture<List<DataRow>>> asked = new ConcurrentHashMap<>();

    Catalogues(EventLoopGroup loops, TargetTls tls, Executor worker, InstantSource clock, Counters counters) {
        this.loops = loops;
        this.tls = tls;
        this.worker = worker;
        this.clock = clock;
        this.counters = counters;
    }

    /** What the target's views read and its functions are like, where the policy has it asked; else null. */
    @Nullable
    Snapshots snapshots(Target target) {
        if (target.catalogue().isEmpty()) {
            return null;
        }
        Watched known =
                watched.computeIfAbsent(new Account(database(target), target.user()), account -> new Watched(target));
        known.target = target;
        return known.snapshots;
    }

    Catalogue of(Target target) {
        Described known = described.computeIfAbsent(database(target), database -> new Described(target));
        known.target = target;
        return known.catalogue;
    }

    /** Asks one question on a connection of the gateway's own, one after another for each database. */
    CompletionStage<List<DataRow>> ask(Target target, String question) {
        return asked.compute(
                database(target),
                (database, before) -> before == null || before.isDone()
                        ? askNow(target, question).toCompletableFuture()
                        : before.handle((rows, failure) -> true).thenCompose(done -> askNow(target, question)));
    }

    private static Database database(Target target) {
        return new Database(target.host(), target.port(), target.database());
    }

    private CompletionStage<List<DataRow>> askNow(Target target, String question) {
        return askNow(target, question, SETTINGS);
    }

    private CompletionStage<List<DataRow>> askNow(Target target, String question, Map<String, String> settings) {
        return new PostgresTarget(target, tls, loops.next(), worker)
                .dial(settings)
                .thenCompose(upstream -> ask(upstream, question));
    }

    private static CompletionStage<List<DataRow>> ask(Upstream upstream, String question) {
        CompletableFuture<List<DataRow>> answered = new CompletableFuture<>();
        upstream.channel().pipeline().addLast(new Question(answered));
        upstream.channel().pipeline().remove("login");
        send(upstream, new Query(question));
        upstream.channel().config().setAutoRead(true);
        // Who dropped off the network answers nothing, and says nothing of that.
        answered.orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS);
        return answered.whenComplete(
                (rows, failure) -> send(upstream, Signal.TERMINATE).addListener(ChannelFutureListener.CLOSE));
    }

    private static io.netty.channel.ChannelFuture send(Upstream upstream, FrontendMessage message) {
        return upstream.channel()
                .writeAndFlush(PostgresCodec.encode(upstream.channel().alloc(), message));
    }

    /** Gathers the rows of one simple query. */
    private static final class Question extends ByteToMessageDecoder {

        private final CompletableFuture<List<DataRow>> answered;
        private final List<DataRow> rows = new ArrayList<>();
        private long bytes;

        Question(CompletableFuture<List<DataRow>> answered) {
            this.answered = answered;
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
            int length = PostgresCodec.frameLength(in, in.readerIndex());
            if (length < 0 || in.readableBytes() < length) {
                return;
            }
            switch (PostgresCodec.backend(in, in.readerIndex(), length)) {
                case DataRow row -> keep(row, length);
                case Report report
                when report.type() == Report.ERROR ->
                    answered.completeExceptionally(new IllegalStateException(report.message()));
                case ReadyForQuery ready -> answered.complete(List.copyOf(rows));
                default -> {}
            }
            in.skipBytes(length);
        }

        private void keep(DataRow row, int length) {
            bytes += length;
            if (bytes > MOST) {
                answered.completeExceptionally(
                        new IllegalStateException("the answer has more than " + MOST + " bytes"));
            } else {
                rows.add(row);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            answered.completeExceptionally(cause);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            answered.completeExceptionally(new IllegalStateException("the target closed the connection"));
        }
    }
}
