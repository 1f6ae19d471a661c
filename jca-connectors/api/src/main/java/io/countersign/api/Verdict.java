package io.countersign.api;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/** What the decision point tells the connector to do with a command. */
public sealed interface Verdict {

    /**
     * Forward it, and meet every obligation; a connector that cannot meet one refuses the command.
     */
    record Permit(List<Obligation> obligations) implements Verdict {

        public Permit {
            obligations = List.copyOf(obligations);
        }
    }

    /**
     * Keep it, with the session open, until {@link GatewayConnection#release}.
     *
     * @param request the approval request's number, for people
     * @param console where an approver finds it
     * @param until   when it expires without an answer
     * @param reason  why it is held: the rule and its words
     * @param explain whether the target may be asked how it would carry the command out, where that has no effect: it reads
     *                the command's text then, which is on record before
     */
    record Hold(long request, URI console, Instant until, String reason, boolean explain) implements Verdict {}

    /**
     * Never forward it; answer with the protocol's own error.
     *
     * @param rule   the rule that refused, as {@code name (file:line)}; empty where no rule permitted
     * @param reason what happened and why, one sentence
     * @param hint   what the requester can do, one sentence
     */
    record Refuse(Cause cause, String rule, String reason, String hint) implements Verdict {}

    /** Why a command is refused; connectors choose the protocol's error code by it. */
    enum Cause {
        /** A rule refuses, or none permits. */
        POLICY,
        /** An approver said no. */
        REJECTED,
        /** Nobody answered in time. */
        EXPIRED,
        /** Nobody answered before the transaction that it waited in had to end: the connector rolls that back at the target. */
        TRANSACTION_EXPIRED,
        /** The requester gave it up. */
        WITHDRAWN,
        /** The gateway cannot record or judge at the moment. */
        UNAVAILABLE
    }
}
