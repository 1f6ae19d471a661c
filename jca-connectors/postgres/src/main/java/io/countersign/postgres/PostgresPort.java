package io.countersign.postgres;

import io.countersign.api.CommandListener;
import io.countersign.api.Target;
import io.countersign.core.Counters;
import io.countersign.core.Listener;
import io.countersign.core.LiveSessions;
import io.countersign.core.Loops;
import io.countersign.core.ServerTls;
import io.countersign.postgres.message.BackendMessage;
import io.countersign.postgres.message.Report;
import io.countersign.postgres.snapshot.Known;
import io.countersign.postgres.snapshot.Snapshots;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** One port where PostgreSQL clients connect, and the sessions behind it. Needs no container. */
final class PostgresPort implements AutoCloseable {

    /** The connector's name in policies and records. */
    static final String PROTOCOL = "postgres";

    /** The ALPN protocol name that PostgreSQL has registered (RFC 7301). */
    static final String ALPN = "postgresql";

    /** What sessions take to say that they end: some writes on loops that also serve others. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger(PostgresPort.class.getName());

    private final InetSocketAddress address;
    private final Listener listener;
    private final LiveSessions sessions = new LiveSessions();
    private final Counters counters;
    private final Catalogues catalogues;

    /**
     * @param connections at most so many at the same time
     * @param worker      for what blocks: sign-in, names, key derivation
     * @param reader      reads a statement's text
     */
    PostgresPort(
            InetSocketAddress address,
            ServerTls tls,
            ClientSignIn signIn,
            int connections,
            CommandListener policy,
            Loops loops,
            Executor worker,
            InstantSource clock,
            Function<String, Reading> reader,
            Counters counters) {
        this.address = address;
        this.counters = counters;
        TargetTls targetTls = new TargetTls();
        this.catalogues = new Catalogues(loops.group(), targetTls, worker, clock, counters);
        Shared shared = new Shared(
                policy,
                sessions,
                counters,
                clock,
                new PostgresEffects(reader),
                new Maskers(),
                catalogues,
                new CancelKeys(),
                targetTls,
                worker);
        BackendMessage full = Report.fatal("53300", "this gateway has as many connections as it may have")
                .hint("Close some, or try again later.");
        this.listener = new Listener(
                loops,
                connections,
                counters,
                channel -> channel.pipeline().addLast("start", new PostgresStart(tls, signIn, shared)),
                channel -> PostgresCodec.encode(channel.alloc(), full));
    }

    void open() throws IOException {
        listener.open(address);
    }

    boolean listening() {
        return listener.listening();
    }

    InetSocketAddress address() {
        return listener.address();
    }

    /** What is known of a target's catalogue, without waiting; what is not is asked for. */
    Known known(Target target) {
        Snapshots snapshots = catalogues.snapshots(target);
        if (snapshots == null) {
            return Known.UNASKED;
        }
        Duration refresh = target.catalogue().orElseThrow();
        if (snapshots.owes(refresh, 0)) {
            snapshots.load();
        }
        return snapshots.known(refresh);
    }

    LiveSessions sessions() {
        return sessions;
    }

    Counters counters() {
        return counters;
    }

    /** Accepts nobody any more and ends the sessions that are open; returns when their ends are told. */
    @Override
    public void close() {
        listener.close();
        int left = sessions.endAll("the gateway is stopping", LAST_WORDS);
        if (left > 0) {
            LOG.log(Level.WARNING, left + " sessions have not ended in time: the next start records that they have");
        }
    }
}
