package io.countersign.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** What waits to be recorded, in the order in which it came, bounded. Safe for many who add and one at a time who takes. */
final class Waiting {

    /** Entries in one block; more only make those who wait wait longer. */
    private static final int MOST_ITEMS = 512;

    /** Bytes after which a block takes no further item. */
    private static final long MOST_BYTES = 1 << 20;

    /** Items and bytes that may wait; whoever comes then is refused. */
    private static final int LONGEST = 16_384;

    private static final long HEAVIEST = 64L << 20;

    private final Queue<Item<?>> urgent = new ConcurrentLinkedQueue<>();
    private final Queue<Item<?>> leisurely = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    /**
     * @param urgently whether somebody waits for it; what nobody waits for is taken with what is
     * @return false where too much waits already
     */
    boolean offer(Item<?> item, boolean urgently) {
        if (size.get() >= LONGEST || bytes.get() + item.bytes() > HEAVIEST) {
            return false;
        }
        size.incrementAndGet();
        bytes.addAndGet(item.bytes());
        (urgently ? urgent : leisurely).add(item);
        return true;
    }

    /** @return false where somebody has taken it */
    boolean takeBack(Item<?> item) {
        boolean there = urgent.remove(item) || leisurely.remove(item);
        if (there) {
            taken(List.of(item));
        }
        return there;
    }

    int size() {
        return size.get();
    }

    /** Whether there is something that somebody waits for. */
    boolean isUrgent() {
        return !urgent.isEmpty();
    }

    /** Takes what the next block has. */
    List<Item<?>> block() {
        List<Item<?>> block = new ArrayList<>();
        long weight = 0;
        for (Item<?> item = leisurely.poll(); item != null; item = leisurely.poll()) {
            weight += item.bytes();
            block.add(item);
        }
        while (block.size() < MOST_ITEMS && weight < MOST_BYTES) {
            Item<?> item = urgent.poll();
            if (item == null) {
                break;
            }
            weight += item.bytes();
            block.add(item);
        }
        taken(block);
        return block;
    }

    List<Item<?>> all() {
        List<Item<?>> all = new ArrayList<>();
        for (Queue<Item<?>> each : List.of(urgent, leisurely)) {
            for (Item<?> item = each.poll(); item != null; item = each.poll()) {
                all.add(item);
            }
        }
        taken(all);
        return all;
    }

    private void taken(List<Item<?>> items) {
        size.addAndGet(-items.size());
        long weight = 0;
        for (Item<?> item : items) {
            weight += item.bytes();
        }
        bytes.addAndGet(-weight);
    }
}
