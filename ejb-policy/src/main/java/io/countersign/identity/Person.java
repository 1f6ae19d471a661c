package io.countersign.identity;

import java.util.Set;

/**
 * One natural person with all accounts, as the policy says ({@code persons}).
 *
 * @param id     the policy's own name for the person
 * @param emails verified by whichever issuer, in lower case
 */
public record Person(String id, Set<Account> accounts, Set<String> emails) {

    public Person {
        accounts = Set.copyOf(accounts);
        emails = Set.copyOf(emails);
    }

    /** An issuer, by its address, and the issuer's own key for somebody. */
    public record Account(String issuer, String subject) {}
}
