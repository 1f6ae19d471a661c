package io.countersign.identity;

import io.countersign.api.Identity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who is the same natural person under several accounts, who is none, and who owns an agent (ANSI INCITS 359 leaves it to
 * the system to know its users; a second account must not make a second person).
 */
public record People(List<Person> persons, Agents agents) {

    /** Where the policy says nothing of anybody. */
    public static final People UNKNOWN = new People(List.of(), Agents.NONE);

    public People {
        persons = List.copyOf(persons);
    }

    /** Why both are one person, in words that follow "because"; empty where nothing says that they are. */
    public Optional<String> same(Identity one, Identity other) {
        if (one.sameAccount(other)) {
            return Optional.of("it is the same account");
        }
        Optional<String> email = one.claims()
                .email()
                .filter(address ->
                        other.claims().email().filter(address::equals).isPresent());
        if (email.isPresent()) {
            return Optional.of("both have the verified e-mail address " + email.get());
        }
        Set<String> ids = ids(one);
        return ids(other).stream()
                .filter(ids::contains)
                .sorted()
                .findFirst()
                .map(id -> "the policy knows both as " + id);
    }

    /** Whether somebody answers for an agent, by any name that the policy may give the owner. */
    public boolean owns(Identity somebody, Identity agent) {
        return agents.owners(agent).stream().anyMatch(owner -> isNamed(somebody, owner));
    }

    /** Whether an owner's name means this account: its subject at any issuer, its verified address, or its person. */
    public boolean isNamed(Identity somebody, String owner) {
        Set<String> ids = ids(somebody);
        return somebody.subject().equals(owner)
                || somebody.claims()
                        .email()
                        .filter(owner.toLowerCase(Locale.ROOT)::equals)
                        .isPresent()
                || ids.contains(owner)
                || persons.stream()
                        .filter(person -> ids.contains(person.id()))
                        .anyMatch(person -> person.emails().contains(owner.toLowerCase(Locale.ROOT))
                                || person.accounts().stream()
                                        .anyMatch(account -> account.subject().equals(owner)));
    }

    /** Whether any verified e-mail address of somebody is known. */
    public boolean isAddressed(Identity somebody) {
        Set<String> ids = ids(somebody);
        return somebody.claims().email().isPresent()
                || persons.stream()
                        .anyMatch(person ->
                                ids.contains(person.id()) && !person.emails().isEmpty());
    }

    private Set<String> ids(Identity identity) {
        Person.Account account = new Person.Account(identity.issuer(), identity.subject());
        return persons.stream()
                .filter(person -> person.accounts().contains(account)
                        || identity.claims()
                                .email()
                                .filter(person.emails()::contains)
                                .isPresent())
                .map(Person::id)
                .collect(Collectors.toSet());
    }
}
