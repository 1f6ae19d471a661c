package io.countersign.core;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/**
 * Back-pressure: reads from a channel only while nobody has a reason against it. To be used from the channel's event
 * loop.
 */
public final class Valve {

    /** Why not to read. */
    public enum Reason {
        /** The other side cannot take more at the moment. */
        PEER_SLOW,
        /** What was read waits for a decision, and enough of it is kept already. */
        ENOUGH_KEPT,
        /** The recording has not caught up. */
        RECORDING_SLOW,
        /** An answer waits for facts about its columns. */
        FACTS_MISSING
    }

    private final Channel channel;
    private final Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    public Valve(Channel channel) {
        this.channel = channel;
    }

    public void shut(Reason reason) {
        if (reasons.isEmpty()) {
            channel.config().setAutoRead(false);
        }
        reasons.add(reason);
    }

    public void open(Reason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    public void set(Reason reason, boolean against) {
        if (against) {
            shut(reason);
        } else {
            open(reason);
        }
    }
}
