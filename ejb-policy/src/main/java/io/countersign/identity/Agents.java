package io.countersign.identity;

import io.countersign.api.Identity;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which identities the policy knows as agents: by subject, by OAuth client id (RFC 8693 §4.3) or by a claim; who owns them
 * and which groups they are in, whatever their tokens say.
 */
public record Agents(List<Agent> known) {

    public static final Agents NONE = new Agents(List.of());

    public Agents {
        known = List.copyOf(known);
    }

    /** What tells an agent. */
    public sealed interface Sign {

        /** A subject that fits. */
        record Subject(Predicate<String> fits) implements Sign {}

        /** Exactly this client. */
        record Client(String id) implements Sign {}

        /** A claim of exactly this value. */
        record Claim(String name, String value) implements Sign {}
    }

    /**
     * One entry of the policy.
     *
     * @param issuer whose identities it speaks of; of all where empty
     * @param name   what people call it; its client id or subject where empty
     * @param owners who answers for it: subjects, e-mail addresses or ids of persons
     * @param groups what it is in beside what its token says
     */
    public record Agent(
            Optional<String> issuer, Sign sign, Optional<String> name, Set<String> owners, Set<String> groups) {

        public Agent {
            owners = Set.copyOf(owners);
            groups = Set.copyOf(groups);
        }

        boolean is(Identity identity) {
            return issuer.map(identity.issuer()::equals).orElse(true)
                    && switch (sign) {
                        case Sign.Subject(Predicate<String> fits) -> fits.test(identity.subject());
                        // A client that got a token for itself is its subject (RFC 9068 §2.2).
                        case Sign.Client(String id) ->
                            id.equals(identity.subject())
                                    || identity.claims()
                                            .client()
                                            .filter(id::equals)
                                            .isPresent();
                        case Sign.Claim(String claim, String value) ->
                            value.equals(identity.claims().others().get(claim));
                    };
        }

        boolean isClient(String by, String client) {
            return issuer.map(by::equals).orElse(true) && sign instanceof Sign.Client(String id) && id.equals(client);
        }
    }

    public boolean isAgent(Identity identity) {
        return known.stream().anyMatch(each -> each.is(identity));
    }

    /** Of every entry that speaks of it. */
    public Set<String> owners(Identity identity) {
        return known.stream()
                .filter(each -> each.is(identity))
                .flatMap(each -> each.owners().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The agent that a token's client is; empty where the client is only what a person uses. */
    Optional<Agent> client(String issuer, String client) {
        return known.stream().filter(each -> each.isClient(issuer, client)).findFirst();
    }

    /** What the policy says of it, put to what its token says. */
    public Identity described(Identity identity) {
        List<Agent> entries = known.stream().filter(each -> each.is(identity)).toList();
        if (entries.isEmpty()) {
            return identity;
        }
        Set<String> groups = new HashSet<>(identity.groups());
        entries.forEach(each -> groups.addAll(each.groups()));
        return new Identity(
                identity.issuer(),
                identity.subject(),
                entries.stream()
                        .flatMap(each -> each.name().stream())
                        .findFirst()
                        .orElse(identity.name()),
                groups,
                Identity.Kind.AGENT,
                identity.claims());
    }

    /** The claims that must be kept of a token, because an agent is told by them. */
    Set<String> claims() {
        Set<String> names = new HashSet<>();
        for (Agent each : known) {
            if (each.sign() instanceof Sign.Claim(String name, String value)) {
                names.add(name);
            }
        }
        return names;
    }
}
