package io.countersign.security;

import io.countersign.api.Claims;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import java.io.Serializable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A person who has signed in to the console, as the HTTP session keeps it.
 *
 * @param email verified by the issuer; empty where there is none
 * @param signedIn when they last showed who they are
 * @param until when they must sign in anew, however busy they are
 */
public record ConsoleCaller(
        String issuer,
        String subject,
        String name,
        TreeSet<String> groups,
        String email,
        Instant signedIn,
        Instant until)
        implements Serializable {

    static ConsoleCaller of(Identity person, Instant signedIn, Instant until) {
        return new ConsoleCaller(
                person.issuer(),
                person.subject(),
                person.name(),
                new TreeSet<>(person.groups()),
                person.claims().email().orElse(""),
                signedIn,
                until);
    }

    /** One link: nobody acts for anybody in a browser. */
    DelegationChain chain() {
        Claims claims = new Claims(Optional.of(email).filter(text -> !text.isEmpty()), Optional.empty(), Map.of());
        return DelegationChain.of(new Identity(issuer, subject, name, groups, Identity.Kind.PERSON, claims));
    }
}
