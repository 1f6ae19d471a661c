package io.countersign.session;

import io.countersign.ledger.Block;
import io.countersign.ledger.Blocks;
import io.countersign.ledger.Entry;
import io.countersign.ledger.JsonReader;
import io.countersign.ledger.Store;
import jakarta.persistence.EntityManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps where in the ledger each session's entries are: spans of blocks, with what happened in them counted. Learns it as
 * blocks are committed, writes it down about once a second, and reads the blocks again for what a crash has lost.
 */
public final class Spans {

    /** Entries between two spans that it is not worth ending one for. */
    private static final long GAP = 5_000;

    private static final int BLOCKS_AT_ONCE = 50;

    private final Store store;

    /** Not written yet; guarded by this, like the three that follow. */
    private Map<String, Tally> gathered = new HashMap<>();

    /** The entry up to which all is gathered or written. */
    private long through;

    /** The entry up to which blocks were committed, as far as was heard. */
    private long newest;

    /** Blocks must be read again before those that are heard of can be gathered. */
    private boolean behind = true;

    /** The span that each open session's next entries belong to. */
    private final Map<String, long[]> current = new ConcurrentHashMap<>();

    private static final class Tally {
        final long first;
        long last;
        long commands;
        long held;
        long refused;
        boolean over;

        Tally(long first) {
            this.first = first;
        }
    }

    public Spans(Store store) {
        this.store = store;
    }

    /** Of one block that was committed; quick. */
    public synchronized void committed(long first, List<Entry> entries) {
        newest = first + entries.size();
        if (behind) {
            return;
        }
        for (Entry entry : entries) {
            if (!entry.session().isEmpty()) {
                note(first, entry.session(), entry.type(), entry.mark());
            }
        }
        through = newest;
    }

    /**
     * Writes down what has gathered; after a start or a failure what the blocks say first. One caller at a time; where it
     * fails, the next call tries again.
     */
    public void write() {
        synchronized (this) {
            if (!behind && gathered.isEmpty()) {
                return;
            }
        }
        if (isBehind()) {
            catchUp();
        }
        Map<String, Tally> tallies;
        long end;
        synchronized (this) {
            tallies = gathered;
            end = through;
            gathered = new HashMap<>();
        }
        writeDown(tallies, end);
    }

    private void catchUp() {
        long from = store.aside(em ->
                        (Number) em.createNativeQuery("SELECT through FROM projection WHERE name = 'session_span'")
                                .getSingleResult())
                .longValue();
        while (true) {
            long first = from;
            List<Block> blocks = store.aside(em -> Blocks.from(em, first, BLOCKS_AT_ONCE));
            for (Block block : blocks) {
                block.entries().forEach(json -> note(block.first(), JsonReader.of(json)));
                from = block.end();
            }
            if (blocks.isEmpty() && caughtUp(from)) {
                return;
            }
            Map<String, Tally> tallies;
            synchronized (this) {
                tallies = gathered;
                gathered = new HashMap<>();
            }
            writeDown(tallies, from);
        }
    }

    private synchronized boolean isBehind() {
        return behind;
    }

    /** From here on what is heard is enough, unless something was committed since it was read. */
    private synchronized boolean caughtUp(long end) {
        if (end < newest) {
            return false;
        }
        through = end;
        behind = false;
        return true;
    }

    private void note(long block, JsonReader entry) {
        if (entry.has("session")) {
            note(block, entry.text("session"), entry.text("type"), entry.has("ruling") ? entry.text("ruling") : "");
        }
    }

    private synchronized void note(long block, String session, String type, String ruling) {
        Tally tally = gathered.computeIfAbsent(session, id -> new Tally(block));
        tally.last = block;
        tally.over |= type.equals("session-closed");
        if (type.equals("command")) {
            tally.commands++;
            tally.held += ruling.equals("HOLD") ? 1 : 0;
            tally.refused += ruling.equals("REFUSE") ? 1 : 0;
        }
    }

    private void writeDown(Map<String, Tally> tallies, long end) {
        if (tallies.isEmpty()) {
            return;
        }
        boolean done = false;
        try {
            current.putAll(store.aside(em -> write(em, tallies, end)));
            done = true;
            // What may yet come of it, like a late outcome, begins a span of its own.
            tallies.forEach((session, tally) -> {
                if (tally.over) {
                    current.remove(session);
                }
            });
        } finally {
            if (!done) {
                startOver();
            }
        }
    }

    /** Whether it was written is unknown: the stored position says, and the blocks say what follows it. */
    private synchronized void startOver() {
        behind = true;
        gathered = new HashMap<>();
    }

    private Map<String, long[]> write(EntityManager em, Map<String, Tally> tallies, long end) {
        Map<String, long[]> written = new HashMap<>();
        List<Map.Entry<String, Tally>> inOrder = new ArrayList<>(tallies.entrySet());
        inOrder.sort(Map.Entry.comparingByKey());
        for (Map.Entry<String, Tally> one : inOrder) {
            Tally tally = one.getValue();
            long[] span = current.get(one.getKey());
            boolean extend = span != null && tally.first - span[1] <= GAP;
            long first = extend && span != null ? span[0] : tally.first;
            String sql = extend
                    ? "UPDATE session_span SET last_block = :last, commands = commands + :commands, held = held + :held,"
                            + " refused = refused + :refused WHERE session_id = :session AND first_block = :first"
                    : "INSERT INTO session_span (session_id, first_block, last_block, commands, held, refused)"
                            + " VALUES (:session, :first, :last, :commands, :held, :refused)";
            em.createNativeQuery(sql)
                    .setParameter("session", one.getKey())
                    .setParameter("first", first)
                    .setParameter("last", tally.last)
                    .setParameter("commands", tally.commands)
                    .setParameter("held", tally.held)
                    .setParameter("refused", tally.refused)
                    .executeUpdate();
            written.put(one.getKey(), new long[] {first, tally.last});
        }
        em.createNativeQuery("UPDATE projection SET through = :through WHERE name = 'session_span'")
                .setParameter("through", end)
                .executeUpdate();
        return written;
    }
}
