package io.countersign.identity;

import io.countersign.api.DelegationChain;
import java.time.Instant;

/** What a token proved. */
public sealed interface SignedIn {

    /** @param expires when the token stops proving anything */
    record Known(DelegationChain chain, Instant expires) implements SignedIn {}

    /**
     * @param reason what happened and why, fit for the client's eyes: nothing of the token is in it
     * @param hint   what to do about it
     */
    record Unknown(String reason, String hint) implements SignedIn {}
}
