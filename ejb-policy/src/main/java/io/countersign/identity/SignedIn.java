package io.countersign.identity;

import io.countersign.api.DelegationChain;
import java.time.Instant;
import java.util.Optional;

/** What a token proved. */
public sealed interface SignedIn {

    /**
     * @param expires  when the token stops proving anything
     * @param signedIn when its holder last showed who they are (OpenID Connect Core 1.0 §2, {@code auth_time}); empty where it
     *                 does not say. When it was issued is no proof: a refresh token gets a new one from nobody at all
     */
    record Known(DelegationChain chain, Instant expires, Optional<Instant> signedIn) implements SignedIn {

        public Known(DelegationChain chain, Instant expires) {
            this(chain, expires, Optional.empty());
        }
    }

    /** What of a request was not acceptable. */
    enum Fault {
        TOKEN,
        /** The token may be good; the proof of its key is not. */
        PROOF
    }

    /**
     * @param reason what happened and why, fit for the client's eyes: nothing of the token is in it
     * @param hint   what to do about it
     */
    record Unknown(String reason, String hint, Fault fault) implements SignedIn {

        public Unknown(String reason, String hint) {
            this(reason, hint, Fault.TOKEN);
        }
    }
}
