package io.countersign.postgres;

import io.countersign.api.Target;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.DataRow;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Query;
import io.countersign.postgres.message.ReadyForQuery;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.message.Signal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/** A catalogue for each database that sessions go to. */
final class Catalogues {

    private record Database(String host, int port, String name) {}

    private final EventLoopGroup loops;
    private final Executor worker;
    private final Map<Database, Catalogue> catalogues = new ConcurrentHashMap<>();
    private final Map<Database, CompletableFuture<List<DataRow>>> asked = new ConcurrentHashMap<>();

    Catalogues(EventLoopGroup loops, Executor worker) {
        this.loops = loops;
        this.worker = worker;
    }

    Catalogue of(Target target) {
        return catalogues.computeIfAbsent(
                database(target), database -> new Catalogue(question -> askNow(target, question)));
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
        return new PostgresTarget(target, loops.next(), worker)
                .dial(Map.of("application_name", "countersign", "statement_timeout", "10000"))
                .thenCompose(upstream -> ask(upstream, question));
    }

    private static CompletionStage<List<DataRow>> ask(Upstream upstream, String question) {
        CompletableFuture<List<DataRow>> answered = new CompletableFuture<>();
        upstream.channel().pipeline().addLast(new Question(answered));
        upstream.channel().pipeline().remove("login");
        send(upstream, new Query(question));
        upstream.channel().config().setAutoRead(true);
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
                case DataRow row -> rows.add(row);
                case Report report
                when report.type() == Report.ERROR ->
                    answered.completeExceptionally(new IllegalStateException(report.message()));
                case ReadyForQuery ready -> answered.complete(List.copyOf(rows));
                default -> {}
            }
            in.skipBytes(length);
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
