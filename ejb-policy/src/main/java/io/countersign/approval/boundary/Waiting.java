package io.countersign.approval.boundary;

import io.countersign.api.Command;
import io.countersign.approval.HeldCommand;
import io.countersign.approval.State;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A held command while it waits here; its number and its end are known once it is stored. */
final class Waiting {

    final Command command;

    /** The duties that its requester had for a time when it was held. */
    final Set<String> elevated;

    final PendingApproval bean;
    final HeldCommand held;

    /** The request's number; 0 before it has one. */
    volatile long request;

    /** When it expires; null before it is stored. */
    volatile @Nullable Instant until;

    /** How it was to end when that could not be recorded. */
    volatile @Nullable Owed owed;

    record Owed(State to, String why) {}

    Waiting(Command command, Set<String> elevated, PendingApproval bean, HeldCommand held) {
        this.command = command;
        this.elevated = elevated;
        this.bean = bean;
        this.held = held;
    }

    /** Whether it is to be ended now. */
    boolean due(Instant now) {
        Instant end = until;
        return owed != null || end != null && !now.isBefore(end);
    }
}
