package io.countersign.ledger.boundary;

import io.countersign.ledger.Block;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Checkpoint;
import io.countersign.ledger.Committer;
import io.countersign.ledger.Entry;
import io.countersign.ledger.Journals;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.LedgerUnavailable;
import io.countersign.ledger.Observer;
import io.countersign.ledger.SignedHead;
import io.countersign.ledger.SigningKey;
import io.countersign.ledger.Work;
import io.countersign.ledger.Work.Written;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The tamper-evident record of everything that happened. */
@ApplicationScoped
public class Ledger {

    /** A head is signed and stored this often, where anything happened. */
    private static final Duration BETWEEN_CHECKPOINTS = Duration.ofSeconds(10);

    private static final int MOST_ENTRIES = 1_000;

    private static final Logger LOG = System.getLogger(Ledger.class.getName());

    @Inject
    private JtaStore store;

    @Resource
    private ManagedThreadFactory threads;

    @Inject
    @ConfigProperty(name = "countersign.data.dir", defaultValue = "countersign-data")
    private String data;

    @Inject
    @ConfigProperty(name = "countersign.ledger.name", defaultValue = "countersign.local/ledger")
    private String name;

    /** Whether entries go to a local journal before a store of its own has them; always before the embedded store does. */
    @Inject
    @ConfigProperty(name = "countersign.ledger.journal", defaultValue = "false")
    private boolean journaled;

    private final Clock clock = Clock.systemUTC();
    private volatile @Nullable Committer committer;
    private volatile @Nullable ExecutorService storing;
    private volatile @Nullable SigningKey key;
    private volatile @Nullable SignedHead stored;

    /** Takes the store over and starts to commit. Once, when the schema is there. */
    public void open(Observer observer) throws InterruptedException {
        SigningKey signing = SigningKey.at(Path.of(data).resolve("ledger.key"), name);
        ExecutorService taking = Executors.newSingleThreadExecutor(threads);
        Journals journals =
                store.shared() && !journaled ? null : new Journals(Path.of(data).resolve("ledger.journal"), taking);
        Committer opened = new Committer(store, clock, observer, journals);
        opened.open();
        Thread thread = threads.newThread(opened);
        thread.setName("countersign-committer");
        thread.start();
        key = signing;
        committer = opened;
        storing = taking;
        LOG.log(
                Level.INFO,
                "The ledger continues after {0} entries; its heads are signed by {1}",
                opened.head().size(),
                signing.verifierKey());
    }

    /** Commits what waits and gives the store up. */
    public void close() {
        Committer open = committer;
        if (open != null) {
            checkpoint();
            try {
                open.close().get(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                LOG.log(Level.ERROR, "The ledger did not end as it should", e);
            }
        }
        ExecutorService taking = storing;
        if (taking != null) {
            taking.shutdown();
        }
    }

    /** What puts entries on the ledger. */
    public Committer committer() {
        Committer open = committer;
        if (open == null) {
            throw new LedgerUnavailable("the ledger is not open yet");
        }
        return open;
    }

    /** The value comes back once the entry is on disk. */
    public <T> CompletableFuture<T> append(Entry entry, T value) {
        Committer open = committer;
        return open == null
                ? CompletableFuture.failedFuture(new LedgerUnavailable("the ledger is not open yet"))
                : open.append(entry, value);
    }

    /** For what is already done and only has to be told; completes once it is on disk, which is soon. */
    public CompletableFuture<Boolean> note(Entry entry) {
        Committer open = committer;
        return open == null
                ? CompletableFuture.failedFuture(new LedgerUnavailable("the ledger is not open yet"))
                : open.note(entry);
    }

    /** The result comes back once what the work did is on disk. */
    public <T> CompletableFuture<T> submit(Work<T> work) {
        return committer().submit(work);
    }

    /** Waits for a stage of the ledger's; not for event loops. */
    public static <T> T await(CompletableFuture<T> stage) {
        try {
            return stage.get(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerUnavailable("interrupted while waiting for the ledger", e);
        } catch (TimeoutException e) {
            throw new LedgerUnavailable("the ledger does not answer", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LedgerUnavailable unavailable) {
                throw unavailable;
            }
            throw new LedgerUnavailable("it could not be recorded", e);
        }
    }

    /** To be called about once a second. */
    public void tick() {
        Committer open = committer;
        if (open != null) {
            open.watch();
            SignedHead last = stored;
            if (last == null || clock.instant().isAfter(last.at().plus(BETWEEN_CHECKPOINTS))) {
                checkpoint();
            }
        }
    }

    /**
     * Entries in order.
     *
     * @param seq   only entries from the one after this; -1 for all
     * @param limit at most 1,000
     */
    public List<RecordView> after(long seq, int limit) {
        int wanted = Math.clamp(limit, 0, MOST_ENTRIES);
        long first = Math.max(seq + 1, 0);
        await(committer().settle());
        return store.aside(em -> {
            List<RecordView> found = new ArrayList<>();
            Optional<Block> block = Blocks.holding(em, first);
            while (block.isPresent() && found.size() < wanted) {
                Block current = block.get();
                long at = current.first();
                for (byte[] json : current.entries()) {
                    if (at >= first && found.size() < wanted) {
                        found.add(view(at, json));
                    }
                    at++;
                }
                em.clear();
                block = Blocks.from(em, current.end(), 1).stream().findFirst();
            }
            return found;
        });
    }

    /** The head as it is now, signed. */
    public CheckpointView head() {
        Committer.Head head = committer().head();
        SigningKey signing = key();
        return new CheckpointView(
                head.size(),
                HexFormat.of().formatHex(head.root()),
                now(),
                new Checkpoint(name, head.size(), head.root()).signed(signing),
                signing.verifierKey().toString());
    }

    private void checkpoint() {
        Committer.Head head = committer().head();
        SignedHead last = stored;
        if (head.size() == 0
                || last != null && last.size() == head.size()
                || committer().failure() != null) {
            return;
        }
        SignedHead next =
                new SignedHead(head.size(), now(), new Checkpoint(name, head.size(), head.root()).signed(key()));
        committer()
                .submit(em -> {
                    if (em.find(SignedHead.class, next.size()) == null) {
                        em.persist(next);
                    }
                    return Written.of(next);
                })
                .thenAccept(written -> stored = written)
                .exceptionally(failure -> {
                    LOG.log(Level.WARNING, "The ledger's head could not be stored; it will be tried again", failure);
                    return null;
                });
    }

    private SigningKey key() {
        SigningKey signing = key;
        if (signing == null) {
            throw new LedgerUnavailable("the ledger is not open yet");
        }
        return signing;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private static RecordView view(long seq, byte[] json) {
        JsonReader read = JsonReader.of(json);
        return new RecordView(seq, read.time("at"), read.text("type"), new String(json, StandardCharsets.UTF_8));
    }
}
