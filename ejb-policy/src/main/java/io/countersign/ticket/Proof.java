package io.countersign.ticket;

import java.time.Instant;

/**
 * How somebody who wants a ticket has shown who they are.
 *
 * @param until when that proves nothing any more
 * @param bound whether it is bound to a key (RFC 7800 {@code cnf}), so that it is of use only to whoever holds that
 */
public record Proof(Way way, Instant until, boolean bound) {

    public enum Way {
        /** A token of one of the policy's issuers. */
        TOKEN,
        /** A sign-in to the console. */
        CONSOLE
    }
}
