package io.countersign.security;

import io.countersign.identity.Attested;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which of a SAML provider's attributes say what of a person (SAML 2.0 Core §2.7.3).
 *
 * @param issuer  the policy's name for the issuer whose people they are
 * @param subject what that issuer's tokens carry as {@code sub}: an attribute, or {@value #NAME_ID}
 * @param name    what people call the person; where it is missing, the subject
 * @param groups  its values are the groups
 * @param email   the provider has verified its value
 */
record SamlAttributes(String issuer, String subject, String name, String groups, Optional<String> email) {

    /** The subject's own identifier (Core §2.2.3) instead of an attribute. */
    static final String NAME_ID = "NameID";

    /** @param nameId the subject's own identifier; empty where it has none that lasts */
    Attested read(Map<String, List<String>> said, Optional<String> nameId) throws SignInRefused {
        String who = subject.equals(NAME_ID)
                ? nameId.orElseThrow(
                        () -> new SignInRefused("The assertion's NameID is missing, or differs each time."))
                : single(said, subject)
                        .orElseThrow(() -> new SignInRefused("The assertion has no attribute " + subject + "."));
        Set<String> in = new HashSet<>(said.getOrDefault(groups, List.of()));
        Optional<String> address = email.isPresent() ? single(said, email.get()) : Optional.empty();
        return new Attested(issuer, who, single(said, name).orElse(who), in, address);
    }

    private static Optional<String> single(Map<String, List<String>> said, String attribute) throws SignInRefused {
        List<String> values = said.getOrDefault(attribute, List.of());
        if (values.size() > 1) {
            throw new SignInRefused("The assertion has " + values.size() + " values of " + attribute + ", not one.");
        }
        return values.stream()
                .map(String::strip)
                .filter(each -> !each.isEmpty())
                .findFirst();
    }
}
