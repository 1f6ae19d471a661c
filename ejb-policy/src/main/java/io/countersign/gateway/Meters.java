package io.countersign.gateway;

import io.countersign.policy.Decision.Ruling;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what passes, since the start of this process. Any thread may count and read. */
public final class Meters {

    public final LongAdder signIns = new LongAdder();
    public final LongAdder signInsRefused = new LongAdder();
    /** Commands and sessions refused because they could not be recorded. */
    public final LongAdder unavailable = new LongAdder();
    /** On the ledger. */
    public final LongAdder entries = new LongAdder();

    public final LongAdder blocks = new LongAdder();
    /** Times that the store failed, and so refused what waited. */
    public final LongAdder storeFailures = new LongAdder();
    /** Commands of which it is on record that they ran, and not how they ended. */
    public final LongAdder outcomesLost = new LongAdder();
    /** From the command to its verdict, decided and on disk. */
    public final Latency judge = new Latency();
    /** From an entry's coming to its being on disk. */
    public final Latency commit = new Latency();

    private final Map<Ruling, LongAdder> commands = new EnumMap<>(Ruling.class);

    public Meters() {
        for (Ruling ruling : Ruling.values()) {
            commands.put(ruling, new LongAdder());
        }
    }

    /** Commands on which the policy ruled so. */
    public LongAdder commands(Ruling ruling) {
        LongAdder adder = commands.get(ruling);
        if (adder == null) {
            throw new IllegalStateException("every ruling is counted");
        }
        return adder;
    }
}
