package io.countersign.identity;

import io.countersign.api.Claims;
import io.countersign.api.Identity;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an issuer says of a person otherwise than by a token, as an assertion of SAML 2.0 does (Core §2.3.3). The account is
 * the one that the issuer's tokens speak of: else somebody could approve in the console what they ask for in psql.
 *
 * @param issuer  the policy's name for the issuer
 * @param subject what the issuer's tokens carry as {@code sub}, at most 256 characters
 * @param name    what people call it, at most 256 characters
 * @param groups  at most 500
 * @param email   an address that the issuer has verified, at most 256 characters
 */
public record Attested(String issuer, String subject, String name, Set<String> groups, Optional<String> email) {

    public Attested {
        groups = Set.copyOf(groups);
    }

    /** Why nobody can be known by it, in words that follow a name for it; empty where somebody can. */
    public Optional<String> flaw() {
        if (subject.isBlank() || name.isBlank()) {
            return Optional.of("names nobody");
        }
        return Stream.concat(Stream.of(subject, name), email.stream())
                                .anyMatch(each -> each.length() > ActorChain.LONGEST_NAME)
                        || groups.size() > ActorChain.MOST_GROUPS
                ? Optional.of("says more than " + ActorChain.LONGEST_NAME
                        + " characters of somebody, or names more than " + ActorChain.MOST_GROUPS + " groups")
                : Optional.empty();
    }

    /** An agent where the policy says so. */
    public Identity identity(Issuer by, Agents agents) {
        return agents.described(new Identity(
                by.issuer(),
                subject,
                name,
                groups,
                Identity.Kind.PERSON,
                new Claims(
                        email.map(each -> each.strip().toLowerCase(Locale.ROOT)).filter(each -> !each.isEmpty()),
                        Optional.empty(),
                        Map.of())));
    }
}
