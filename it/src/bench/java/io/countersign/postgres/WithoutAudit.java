package io.countersign.postgres;

import io.countersign.api.Burst;
import io.countersign.api.Command;
import io.countersign.api.CommandListener;
import io.countersign.api.Commands;
import io.countersign.api.Connection;
import io.countersign.api.Credential;
import io.countersign.api.DelegationChain;
import io.countersign.api.Frame;
import io.countersign.api.Identity;
import io.countersign.api.Insight;
import io.countersign.api.Outcome;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.api.SignIn;
import io.countersign.api.Target;
import io.countersign.api.Turn;
import io.countersign.api.Verdict;
import io.countersign.core.Counters;
import io.countersign.core.Loops;
import io.countersign.core.ServerTls;
import io.countersign.policy.Decision;
import io.countersign.policy.Policy;
import io.countersign.policy.SessionDuties;
import io.countersign.postgres.sql.StatementReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * The gateway with its audit off, for {@code it/bench} alone: the connector, the policy's decisions and its masks as they
 * are; no ledger, no recording, no container. By how much it is faster is what the record takes.
 *
 * <p>With a file, each command waits beside that for a forced write of one block to it, together with all who came while the
 * one before was written: the least that a record can take which is on disk before the command goes on.
 *
 * <p>In the connector's package because that has no public parts but its adapter.
 */
final class WithoutAudit implements CommandListener, Commands {

    private static final String USAGE = "WithoutAudit POLICY-FOLDER TARGET TARGET-PORT TARGET-PASSWORD [FORCED-FILE]";

    private final Policy policy;
    private final Target target;
    private final Clock clock = Clock.systemUTC();
    private final SessionDuties duties = new SessionDuties();
    private final Function<Verdict, CompletionStage<Verdict>> record;

    private WithoutAudit(Policy policy, Target target, Function<Verdict, CompletionStage<Verdict>> record) {
        this.policy = policy;
        this.target = target;
        this.record = record;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 4) {
            System.err.println(USAGE);
            System.exit(2);
        }
        Map<String, String> variables = Map.of(
                "demo.issuer",
                "http://issuer.invalid",
                "bench.target.port",
                arguments[2],
                "bench.target.password",
                arguments[3]);
        Policy policy = Policy.load(Path.of(arguments[0]), variables::get);
        Target target = policy.target(PostgresPort.PROTOCOL, arguments[1]).orElseThrow();
        Function<Verdict, CompletionStage<Verdict>> record =
                arguments.length > 4 ? new ForcedWrites(Path.of(arguments[4])) : CompletableFuture::completedFuture;
        ExecutorService threads = Executors.newCachedThreadPool();
        StatementReader reader = new StatementReader();
        PostgresPort port = new PostgresPort(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                ServerTls.off(),
                ClientSignIn.BY_PASSWORD,
                1_000,
                new WithoutAudit(policy, target, record),
                new Loops(threads),
                threads,
                Clock.systemUTC(),
                text -> Reading.of(reader, text),
                new Counters());
        port.open();
        System.out.println(port.address().getPort());
    }

    /** Whoever comes is alice, whom the benchmark's policy knows. */
    @Override
    public SignIn signIn(Credential credential, Connection connection) {
        Identity alice =
                new Identity("http://issuer.invalid", "alice", "Alice", Set.of("support"), Identity.Kind.PERSON);
        return new SignIn.Accepted(
                new Session(
                        new SessionId(UUID.randomUUID()),
                        DelegationChain.of(alice),
                        connection.protocol(),
                        connection.target(),
                        connection.client(),
                        clock.instant(),
                        Instant.MAX),
                target);
    }

    @Override
    public Commands commands() {
        return this;
    }

    @Override
    public CompletionStage<Verdict> judge(Command command) {
        Decision decision = duties.decide(policy, command, clock.instant());
        Verdict verdict = decision.ruling() == Decision.Ruling.PERMIT
                ? new Verdict.Permit(decision.obligations())
                : new Verdict.Refuse(Verdict.Cause.POLICY, "", "not permitted, or to be held: see the gateway", "");
        return record.apply(verdict);
    }

    @Override
    public void observed(Session session, long command, List<Insight> insights) {}

    @Override
    public void withdraw(Session session, long command) {}

    @Override
    public void finished(Outcome outcome) {}

    @Override
    public CompletionStage<Void> recorded(Session session, List<Frame> frames) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void closed(Session session, String reason) {
        duties.forget(session.id());
    }

    /** One write after another, each for all who asked since the one before began; as the ledger's journal is written. */
    private static final class ForcedWrites implements Function<Verdict, CompletionStage<Verdict>>, Runnable {

        private static final int BLOCK = 4096;

        private static final int BLOCKS = 2048;

        private record Asked(CompletableFuture<Verdict> stage, Verdict verdict) {}

        private final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
        private final FileChannel file;
        private final ByteBuffer block =
                ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).slice(0, BLOCK);
        private final Thread thread = new Thread(this, "forced writes");
        private final Runnable wake = () -> LockSupport.unpark(thread);

        ForcedWrites(Path path) throws IOException {
            file = FileChannel.open(
                    path,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.DSYNC,
                    com.sun.nio.file.ExtendedOpenOption.DIRECT);
            for (int place = 0; place < BLOCKS; place++) {
                write(place);
            }
            thread.setDaemon(true);
            thread.start();
        }

        @Override
        public CompletionStage<Verdict> apply(Verdict verdict) {
            CompletableFuture<Verdict> stage = new CompletableFuture<>();
            asked.add(new Asked(stage, verdict));
            if (!Turn.atEnd(wake)) {
                wake.run();
            }
            return stage;
        }

        @Override
        public void run() {
            for (int place = 0; ; place = (place + 1) % BLOCKS) {
                while (asked.isEmpty()) {
                    LockSupport.park();
                }
                List<Asked> all = new ArrayList<>();
                for (Asked one = asked.poll(); one != null; one = asked.poll()) {
                    all.add(one);
                }
                try {
                    write(place);
                    Burst.run(() -> all.forEach(one -> one.stage().complete(one.verdict())));
                } catch (IOException e) {
                    all.forEach(one -> one.stage().completeExceptionally(e));
                }
            }
        }

        private void write(int place) throws IOException {
            block.clear();
            file.write(block, (long) place * BLOCK);
        }
    }
}
