package io.countersign.postgres;

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
import io.countersign.api.Verdict;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The policy side as a test wants it: decides by a function, remembers what it was asked and told. */
final class Policy implements CommandListener, Commands {

    /** Blocking calls must not share the common pool: on two cores it has one thread. */
    static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    static final String TOKEN = "a-token";
    static final Verdict PERMIT = new Verdict.Permit(List.of());
    static final URI CONSOLE = URI.create("http://console.test/requests/4711");

    final ConcurrentLinkedQueue<Command> judged = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Frame> frames = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<String> closings = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Long> withdrawn = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<List<Insight>> insights = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Connection> signIns = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<Credential> credentials = new ConcurrentLinkedQueue<>();

    volatile Function<Command, Verdict> rule = command -> PERMIT;
    volatile Instant until = Instant.MAX;
    volatile Target target;
    volatile Supplier<CompletionStage<Void>> recording = () -> CompletableFuture.completedFuture(null);
    volatile Runnable onWithdraw = () -> {};

    Policy(Target target) {
        this.target = target;
    }

    static Verdict hold() {
        return hold(false);
    }

    /** @param explain whether the target may be asked for its plan */
    static Verdict hold(boolean explain) {
        return new Verdict.Hold(
                4711, CONSOLE, Instant.parse("2030-01-01T00:00:00Z"), "deletes are held (shop.yaml:7)", explain);
    }

    static Verdict refuse(Verdict.Cause cause) {
        return new Verdict.Refuse(cause, "no-drops (shop.yaml:12)", "Tables are never dropped here.", "Ask the owner.");
    }

    @Override
    public SignIn signIn(Credential credential, Connection connection) {
        signIns.add(connection);
        credentials.add(credential);
        if (!((Credential.BearerToken) credential).token().reveal().equals(TOKEN)) {
            return new SignIn.Refused("the token is not valid", "Fetch a new one.");
        }
        return new SignIn.Accepted(
                new Session(
                        new SessionId(UUID.randomUUID()),
                        DelegationChain.of(
                                new Identity("https://issuer.test", "alice", "Alice", Set.of(), Identity.Kind.PERSON)),
                        connection.protocol(),
                        connection.target(),
                        connection.client(),
                        Instant.now(),
                        until),
                target);
    }

    @Override
    public Commands commands() {
        return this;
    }

    @Override
    public CompletionStage<Verdict> judge(Command command) {
        judged.add(command);
        // As group commit does: another thread answers.
        return CompletableFuture.supplyAsync(() -> rule.apply(command), THREADS);
    }

    @Override
    public void observed(Session session, long command, List<Insight> seen) {
        insights.add(seen);
    }

    @Override
    public void withdraw(Session session, long command) {
        withdrawn.add(command);
        onWithdraw.run();
    }

    @Override
    public void finished(Outcome outcome) {
        outcomes.add(outcome);
    }

    @Override
    public CompletionStage<Void> recorded(Session session, List<Frame> more) {
        frames.addAll(more);
        return recording.get();
    }

    @Override
    public void closed(Session session, String reason) {
        closings.add(reason);
    }

    Command awaitCommand(Predicate<Command> wanted) {
        return await(() -> judged.stream().filter(wanted).findFirst().orElse(null), "a command");
    }

    Outcome awaitOutcome(Predicate<Outcome> wanted) {
        return await(() -> outcomes.stream().filter(wanted).findFirst().orElse(null), "an outcome");
    }

    List<String> texts() {
        List<String> texts = new ArrayList<>();
        judged.forEach(command -> texts.add(command.content().text()));
        return texts;
    }

    /** Polls every millisecond until there is something. */
    static <T> T await(Supplier<T> what, String name) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        CountDownLatch never = new CountDownLatch(1);
        while (true) {
            T found = what.get();
            if (found != null) {
                return found;
            }
            if (System.nanoTime() > until) {
                throw new AssertionError(name + " did not come");
            }
            try {
                never.await(1, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
