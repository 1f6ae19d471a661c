package io.countersign.revision.boundary;

import io.countersign.ledger.boundary.JtaStore;
import io.countersign.policy.Author;
import io.countersign.policy.Change;
import io.countersign.policy.PolicyException;
import io.countersign.policy.boundary.PolicyFolder;
import io.countersign.revision.Register;
import io.countersign.revision.SaidBefore;
import io.countersign.revision.Source;
import io.countersign.revision.git.Contributors;
import io.countersign.revision.git.HistoryTooLong;
import io.countersign.revision.git.PolicyBranch;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * The git repository of {@code countersign.policy.git.url}, pulled every now and then. Where a pull fails, what is in force
 * stays, and so does what was pulled before.
 */
@ApplicationScoped
public class PolicyRepository implements PolicyPlace {

    private static final System.Logger LOG = System.getLogger(PolicyRepository.class.getName());

    @Inject
    private GitSettings settings;

    @Inject
    private PolicyFolder folder;

    @Inject
    private JtaStore store;

    @Resource
    private ManagedExecutorService executor;

    private final Clock clock = Clock.systemUTC();
    private final AtomicBoolean pulling = new AtomicBoolean();
    private final LongAdder failures = new LongAdder();
    private volatile Instant next = Instant.MIN;
    private volatile Optional<String> newest = Optional.empty();
    private volatile String problem = "";
    private volatile boolean recovered;
    private Optional<Unwalked> unwalked = Optional.empty();

    /** A history that is too long, as it was walked: that takes a while, and is not done again every second. */
    private record Unwalked(String commit, Optional<String> before, Optional<String> inForce, HistoryTooLong why) {}

    public boolean isSet() {
        return settings.isSet();
    }

    /** Why the last pull failed; empty where it did not. */
    public Optional<String> problem() {
        return Optional.of(problem).filter(text -> !text.isEmpty());
    }

    /** How many pulls have failed since the gateway started. */
    public long failures() {
        return failures.sum();
    }

    /** To be called once a second: pulls when it is time, on a thread of its own, for servers can be slow. */
    public void turn() {
        if (isSet() && !clock.instant().isBefore(next) && pulling.compareAndSet(false, true)) {
            try {
                executor.execute(() -> {
                    try {
                        pull();
                    } finally {
                        pulling.set(false);
                    }
                });
            } catch (RejectedExecutionException e) {
                // The next turn tries again, and whoever calls says that this one failed.
                pulling.set(false);
                throw e;
            }
        }
    }

    private void pull() {
        try {
            if (folder.isSet()) {
                throw new IllegalArgumentException(
                        "countersign.policy.dir and countersign.policy.git.url both say where"
                                + " the policy is: set one of them");
            }
            next = clock.instant().plus(settings.interval());
            PolicyBranch branch = branch();
            if (!recovered) {
                branch.recover();
                recovered = true;
            }
            newest = Optional.of(branch.pull());
            if (!problem.isEmpty()) {
                LOG.log(Level.INFO, "The policy is pulled again from {0}.", described());
            }
            problem = "";
        } catch (IOException | RuntimeException e) {
            failures.increment();
            String found = words(e);
            if (!found.equals(problem)) {
                LOG.log(
                        Level.ERROR,
                        "The policy CANNOT be pulled from {0}; what is in force stays, and it is tried again: {1}",
                        described(),
                        found);
            }
            problem = found;
        }
    }

    @Override
    public Source source() {
        return Source.GIT;
    }

    @Override
    public String described() {
        return settings.described();
    }

    @Override
    public Optional<String> stamp() {
        return newest;
    }

    @Override
    public Written read() throws PolicyException {
        String commit = newest.orElseThrow(() -> new IllegalStateException("nothing was pulled yet"));
        try {
            return new Written(branch().files(commit), () -> byline(commit));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized Byline byline(String commit) {
        Optional<String> before = store.aside(SaidBefore::commitInForce);
        Optional<String> inForce = store.aside(Register::decides);
        try {
            Contributors found = contributors(commit, before, inForce);
            boolean sure =
                    settings.vouchesForAuthors() && found.complete() && found.since() != Contributors.Since.REWRITTEN;
            return new Byline(
                    new Author.Commits(commit, found.hands(), sure),
                    "commit " + commit + ": " + found.subject(),
                    note(found, before).stream().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Contributors contributors(String commit, Optional<String> before, Optional<String> inForce)
            throws IOException {
        if (unwalked.isPresent()
                && unwalked.get()
                        .equals(new Unwalked(
                                commit, before, inForce, unwalked.get().why()))) {
            throw unwalked.get().why();
        }
        try {
            return branch().contributors(commit, before, inForce);
        } catch (HistoryTooLong e) {
            unwalked = Optional.of(new Unwalked(commit, before, inForce, e));
            throw e;
        }
    }

    private static Optional<Change> note(Contributors found, Optional<String> before) {
        String counted = found.commits() + " commits that touched the policy are counted";
        return switch (found.since()) {
            case IN_FORCE -> Optional.empty();
            case REWRITTEN ->
                Optional.of(Change.alters("The branch's history was rewritten: commit " + before.orElse("")
                        + ", which is in force, is not in it. Who took it out is not known; " + counted
                        + ", all since what both have in common."));
            case ANYTHING ->
                Optional.of(Change.alters("What is in force is nowhere in the branch's history: all " + counted + "."));
        };
    }

    private PolicyBranch branch() {
        return new PolicyBranch(settings.upstream(), settings.copy(), clock);
    }

    /** With its causes: JGit says where, and they say why. */
    private static String words(Throwable e) {
        StringBuilder words = new StringBuilder(String.valueOf(e.getMessage()));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            String more = String.valueOf(cause.getMessage());
            if (words.indexOf(more) < 0) {
                words.append("; ").append(more);
            }
        }
        return words.toString();
    }
}
