package io.countersign.postgres.sql;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Statements by their exact text, up to a number of bytes. Readers take no lock; what was not asked for since the last round
 * leaves first (second chance).
 */
final class StatementCache {

    /** Characters; longer texts are seldom sent twice. */
    private static final int LONGEST = 16 * 1024;

    /** Rough cost of an entry, of an effect or name in it, in bytes. */
    private static final int ENTRY = 500;

    private static final int PART = 150;

    private static final class Entry {
        final Statements statements;
        final long bytes;
        volatile boolean asked;

        Entry(Statements statements) {
            this.statements = statements;
            int parts = 0;
            for (Statement statement : statements.statements()) {
                parts += 2
                        + statement.effects().size()
                        + statement.calls().size()
                        + statement.presumed().size()
                        + statement.functions().size()
                        + statement.references().size()
                        + statement.elsewhere().size();
            }
            bytes = ENTRY + 2L * statements.text().length() + (long) PART * parts;
        }
    }

    private final long most;
    private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final Queue<Entry> round = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    /** @param most bytes, estimated */
    StatementCache(long most) {
        this.most = most;
    }

    @Nullable
    Statements get(String text) {
        Entry entry = entries.get(text);
        if (entry == null) {
            return null;
        }
        if (!entry.asked) {
            entry.asked = true;
        }
        return entry.statements;
    }

    void put(Statements statements) {
        if (statements.text().length() > LONGEST) {
            return;
        }
        Entry entry = new Entry(statements);
        if (entries.putIfAbsent(statements.text(), entry) != null) {
            return;
        }
        bytes.addAndGet(entry.bytes);
        round.add(entry);
        while (bytes.get() > most) {
            Entry oldest = round.poll();
            if (oldest == null) {
                return;
            }
            if (oldest.asked) {
                oldest.asked = false;
                round.add(oldest);
            } else if (entries.remove(oldest.statements.text(), oldest)) {
                bytes.addAndGet(-oldest.bytes);
            }
        }
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes.get();
    }
}
