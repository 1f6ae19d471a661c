package io.countersign.gateway;

import io.countersign.policy.Decision.Ruling;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what passes. */
public final class Meters {

    public final LongAdder signIns = new LongAdder();
    public final LongAdder signInsRefused = new LongAdder();
    public final LongAdder unavailable = new LongAdder();
    public final LongAdder entries = new LongAdder();
    public final LongAdder blocks = new LongAdder();
    public final LongAdder storeFailures = new LongAdder();
    public final LongAdder outcomesLost = new LongAdder();
    public final Latency judge = new Latency();
    public final Latency commit = new Latency();
    private final Map<Ruling, LongAdder> commands = new EnumMap<>(Ruling.class);

    public Meters() {
        for (Ruling ruling : Ruling.values()) {
            commands.put(ruling, new LongAdder());
        }
    }

    public LongAdder commands(Ruling ruling) {
        LongAdder adder = commands.get(ruling);
        if (adder == null) {
            throw new IllegalStateException("every ruling is counted");
        }
        return adder;
    }
}
