package io.countersign.core;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** What an adapter counts, for metrics: monotonic where the name ends in {@code _total}, otherwise as of now. */
public final class Counters {

    /** One number each; the metric's name is the constant's in lower case. */
    public enum Counter {
        CONNECTIONS_OPEN,
        CONNECTIONS_TOTAL,
        CONNECTIONS_REFUSED_TOTAL,
        SESSIONS_OPEN,
        SESSIONS_TOTAL,
        SESSIONS_FAILED_TOTAL,
        SIGN_INS_REFUSED_TOTAL,
        COMMANDS_PERMITTED_TOTAL,
        COMMANDS_HELD_TOTAL,
        COMMANDS_REFUSED_TOTAL,
        HELD_NOW,
        FRAMES_REFUSED_TOTAL,
        STATEMENTS_REFUSED_TOTAL,
        TARGETS_UNREACHABLE_TOTAL,
        CATALOGUES_FAILED_TOTAL,
        RECORDINGS_FAILED_TOTAL,
        RECORDING_BYTES_WAITING,
        BYTES_FROM_CLIENTS_TOTAL,
        BYTES_TO_CLIENTS_TOTAL,
        VALUES_MASKED_TOTAL
    }

    private final Map<Counter, LongAdder> numbers = new EnumMap<>(Counter.class);

    public Counters() {
        for (Counter counter : Counter.values()) {
            numbers.put(counter, new LongAdder());
        }
    }

    public void up(Counter counter) {
        add(counter, 1);
    }

    public void down(Counter counter) {
        add(counter, -1);
    }

    public void add(Counter counter, long amount) {
        of(counter).add(amount);
    }

    public long value(Counter counter) {
        return of(counter).sum();
    }

    public Map<String, Long> byName() {
        Map<String, Long> byName = new TreeMap<>();
        numbers.forEach((counter, number) -> byName.put(counter.name().toLowerCase(Locale.ROOT), number.sum()));
        return byName;
    }

    @SuppressWarnings("NullAway") // every constant was put by the constructor
    private LongAdder of(Counter counter) {
        return numbers.get(counter);
    }
}
