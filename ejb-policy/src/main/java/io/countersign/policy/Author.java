package io.countersign.policy;

import io.countersign.api.DelegationChain;

/** Who proposed a revision of the policy, as far as the gateway knows. */
public sealed interface Author {

    /** Somebody who had signed in; with everybody on whose behalf. */
    record Caller(DelegationChain chain) implements Author {}

    /** Whoever keeps the folder, as operators set it: a subject, a verified e-mail address or the id of a person. */
    record Named(String name) implements Author {}

    /** The folder was changed, and nobody has said who keeps it: it could be anybody. */
    record Unknown() implements Author {}

    /** For people. */
    default String described() {
        return switch (this) {
            case Caller(DelegationChain chain) -> chain.described();
            case Named(String name) -> name;
            case Unknown() -> "somebody unknown";
        };
    }
}
