package io.countersign.postgres.sql;

import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What was made of things that come again, up to a number of bytes. What comes for the first time is not kept: most texts with
 * constants in them come once, and keeping them would push out what is wanted and cost more than making it. Readers take no
 * lock; what was not asked for since the last round leaves first (second chance).
 */
public final class Remembered<K, V> {

    /** Keys whose first coming is known; a power of two. */
    private static final int RECENT = 1 << 16;

    private static final class Entry<K, V> {
        final K key;
        final V value;
        final long bytes;
        volatile boolean asked;

        Entry(K key, V value, long bytes) {
            this.key = key;
            this.value = value;
            this.bytes = bytes;
        }
    }

    private final long most;
    private final ConcurrentHashMap<K, Entry<K, V>> entries = new ConcurrentHashMap<>();
    private final Queue<Entry<K, V>> round = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytes = new AtomicLong();

    /** Hashes of keys, each in its place. A race, or another key of that hash, only makes a difference to what is kept. */
    private final int[] recent = new int[RECENT];

    /** @param most bytes, estimated */
    public Remembered(long most) {
        this.most = most;
    }

    public @Nullable V get(K key) {
        Entry<K, V> entry = entries.get(key);
        if (entry == null) {
            return null;
        }
        if (!entry.asked) {
            entry.asked = true;
        }
        return entry.value;
    }

    /**
     * Keeps what comes for the second time.
     *
     * @param size of key and value in bytes, estimated
     */
    public void put(K key, V value, long size) {
        if (!cameBefore(key)) {
            return;
        }
        Entry<K, V> entry = new Entry<>(key, value, size);
        if (entries.putIfAbsent(key, entry) != null) {
            return;
        }
        bytes.addAndGet(size);
        round.add(entry);
        while (bytes.get() > most) {
            Entry<K, V> oldest = round.poll();
            if (oldest == null) {
                return;
            }
            if (oldest.asked) {
                oldest.asked = false;
                round.add(oldest);
            } else if (entries.remove(oldest.key, oldest)) {
                bytes.addAndGet(-oldest.bytes);
            }
        }
    }

    private boolean cameBefore(K key) {
        int hash = key.hashCode();
        int place = (hash ^ hash >>> 16) & RECENT - 1;
        boolean before = recent[place] == hash;
        recent[place] = hash;
        return before;
    }

    int size() {
        return entries.size();
    }

    long bytes() {
        return bytes.get();
    }
}
