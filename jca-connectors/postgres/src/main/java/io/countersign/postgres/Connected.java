package io.countersign.postgres;

import io.countersign.api.Target;
import io.countersign.core.LiveSession;
import io.countersign.core.Recorder;
import io.countersign.core.Valve;
import io.countersign.postgres.PostgresTarget.Upstream;
import io.countersign.postgres.message.FrontendMessage;
import io.countersign.postgres.message.Signal;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import java.time.Duration;

/**
 * What a session has only once its target is there (54.2.1): the target's connection, what reads the client and what answers
 * it. Confined to the session's event loop.
 */
record Connected(
        Upstream upstream,
        Valve targetValve,
        Requests requests,
        Answers answers,
        Insights insights,
        ClientSide clientSide,
        TargetSide targetSide) {

    /** Joins both sides; nothing passes between them before {@link #begin}. */
    static Connected of(
            PostgresSession session,
            Upstream upstream,
            Channel client,
            Target target,
            Shared shared,
            LiveSession live,
            Recorder recorder,
            SessionState state) {
        Valve valve = new Valve(upstream.channel());
        Catalogue catalogue = shared.catalogues().of(target);
        SnapshotWatch watch = new SnapshotWatch(
                shared.catalogues().snapshots(target),
                target.catalogue().orElse(Duration.ZERO),
                client.eventLoop(),
                session::progressed);
        TargetSide targetSide = new TargetSide(session, live, state, catalogue, watch);
        ClientSide clientSide = new ClientSide(
                session,
                upstream.channel(),
                valve,
                shared.counters(),
                new Permits(
                        live.session().id(), state, shared.maskers(), catalogue, client.eventLoop(), session::closed));
        Answers answers = new Answers(client, valve, recorder, shared.counters(), catalogue, targetSide);
        Requests requests = new Requests(
                client, answers, state, shared.effects(), watch, live, recorder, shared.counters(), clientSide);
        Insights insights =
                new Insights(target, shared, state, answers, requests.pipeline(), live, clientSide, client.eventLoop());
        return new Connected(upstream, valve, requests, answers, insights, clientSide, targetSide);
    }

    /** Asks the target for the session's state; its answer lets the client begin. */
    void begin(Channel client) {
        Channel channel = upstream.channel();
        channel.pipeline().addLast("session", targetSide);
        channel.pipeline().remove("login");
        client.pipeline().addLast("session", clientSide);
        requests.pipeline().probe();
        clientSide.flush();
        channel.config().setAutoRead(true);
    }

    /** Drops what is kept and not yet judged. */
    void close() {
        requests.close();
        answers.close();
    }

    /** Ends the target's session: what runs there may or may not be carried out. */
    void hangUp() {
        Channel channel = upstream.channel();
        channel.writeAndFlush(PostgresCodec.encode(channel.alloc(), (FrontendMessage) Signal.TERMINATE))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
