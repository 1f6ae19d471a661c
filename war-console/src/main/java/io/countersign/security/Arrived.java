package io.countersign.security;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import java.time.Instant;

/**
 * Somebody who came back from an identity provider.
 *
 * @param signedIn when they last showed the provider who they are
 * @param until    when they must do so again
 */
record Arrived(Identity person, Instant signedIn, Instant until) {

    /** The session attribute with the page that was wanted. */
    static final String WANTED = "io.countersign.security.wanted";

    /** Who it is, if it is a person alone. */
    static Identity person(DelegationChain chain) throws SignInRefused {
        Identity person = chain.origin();
        if (chain.links().size() > 1 || person.kind() != Identity.Kind.PERSON) {
            throw new SignInRefused(chain.described() + ": the console is for people who act for themselves.");
        }
        return person;
    }
}
