package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Identity;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A person who was two accounts could approve what they asked for themselves. */
class AnAssertionSpeaksOfTheTokensAccountTest {

    private static final Issuer COMPANY = new Issuer(
            "company",
            "https://login.example/realms/engineering",
            URI.create("https://login.example/certs"),
            "countersign",
            Duration.ofMinutes(1),
            false,
            "groups",
            "preferred_username");

    @Test
    void ofTheSameIssuerAndSubject() {
        Identity byToken =
                new Identity("https://login.example/realms/engineering", "a1", "alice", Set.of(), Identity.Kind.PERSON);
        Identity byAssertion = attested("a1", "alice", Set.of("support"), Optional.of(" Alice@Example.com "))
                .identity(COMPANY, Agents.NONE);

        assertThat(byAssertion.sameAccount(byToken)).isTrue();
        assertThat(byAssertion.kind()).isEqualTo(Identity.Kind.PERSON);
        assertThat(byAssertion.groups()).containsExactly("support");
        assertThat(byAssertion.claims().email()).contains("alice@example.com");
    }

    @Test
    void andOfAnAgentWhereThePolicyKnowsOne() {
        Agents agents = new Agents(List.of(new Agents.Agent(
                Optional.empty(),
                new Agents.Sign.Subject("robot"::equals),
                Optional.empty(),
                Set.of("alice"),
                Set.of())));

        assertThat(attested("robot", "robot", Set.of(), Optional.empty())
                        .identity(COMPANY, agents)
                        .kind())
                .isEqualTo(Identity.Kind.AGENT);
    }

    @Test
    void ofSomebodyAndNotOfEverybody() {
        String tooLong = "a".repeat(257);
        Set<String> many = IntStream.range(0, 501).mapToObj(String::valueOf).collect(Collectors.toSet());

        assertThat(attested("a1", "alice", Set.of(), Optional.empty()).flaw()).isEmpty();
        assertThat(attested(" ", "alice", Set.of(), Optional.empty()).flaw()).contains("names nobody");
        assertThat(attested("a1", "", Set.of(), Optional.empty()).flaw()).contains("names nobody");
        assertThat(attested(tooLong, "alice", Set.of(), Optional.empty()).flaw())
                .isPresent();
        assertThat(attested("a1", tooLong, Set.of(), Optional.empty()).flaw()).isPresent();
        assertThat(attested("a1", "alice", Set.of(), Optional.of(tooLong)).flaw())
                .isPresent();
        assertThat(attested("a1", "alice", many, Optional.empty()).flaw()).isPresent();
    }

    private static Attested attested(String subject, String name, Set<String> groups, Optional<String> email) {
        return new Attested("company", subject, name, groups, email);
    }
}
