package io.countersign.postgres;

import io.countersign.postgres.message.Report;
import org.jspecify.annotations.Nullable;

/** What the target will answer next: one for each forwarded message that is answered, in order. */
final class Expected {

    /** By the message that was forwarded. */
    enum Kind {
        QUERY,
        PARSE,
        BIND,
        DESCRIBE_STATEMENT,
        DESCRIBE_PORTAL,
        EXECUTE,
        CLOSE_STATEMENT,
        CLOSE_PORTAL,
        SYNC,
        FUNCTION_CALL,
        /** A message that must fail, so that the target is in the state in which the client believes it. */
        POISON;

        /** Whether a ReadyForQuery ends its answer, also where it fails. */
        boolean cycle() {
            return this == QUERY || this == SYNC || this == FUNCTION_CALL;
        }
    }

    final Kind kind;

    /** Asked by the gateway for itself: the client does not see the answer. */
    final boolean own;

    /** The command it belongs to, 0 for none. */
    long command;

    /** Of QUERY, FUNCTION_CALL and EXECUTE, and of the last PARSE or BIND of what is only prepared. */
    @Nullable
    Running running;

    /** The command whose masks hide what the target complains of; of every part of it, since plans compute, too. */
    @Nullable
    Running about;

    /** Of PARSE, CLOSE_STATEMENT and CLOSE_PORTAL. */
    String name = "";

    /** Of PARSE and DESCRIBE_STATEMENT. */
    @Nullable
    Prepared prepared;

    /** Of PARSE and CLOSE_STATEMENT: what the name meant before. */
    @Nullable
    Prepared before;

    /** Of BIND, DESCRIBE_PORTAL, EXECUTE and FUNCTION_CALL. */
    @Nullable
    Portal portal;

    /** Of POISON: what the client is told in place of the failure; nothing where it was told already. */
    @Nullable
    Report instead;

    /** Of what is asked by the gateway for itself: the question that it is part of. */
    @Nullable
    Inquiry inquiry;

    private Expected(Kind kind, boolean own) {
        this.kind = kind;
        this.own = own;
    }

    static Expected of(Kind kind) {
        return new Expected(kind, false);
    }

    static Expected own(Kind kind) {
        return new Expected(kind, true);
    }

    static Expected own(Kind kind, Inquiry inquiry) {
        Expected own = own(kind);
        own.inquiry = inquiry;
        return own;
    }
}
