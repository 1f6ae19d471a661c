package io.countersign.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.identity.Agents.Agent;
import io.countersign.identity.Agents.Sign;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8693 §4: {@code act}, {@code client_id} and {@code may_act}; and {@code azp} of OpenID Connect Core §2. */
class AChainIsReadFromATokenTest {

    private static final String ADDRESS = "https://id.example";
    private static final Issuer ISSUER = new Issuer(
            "id",
            ADDRESS,
            URI.create(ADDRESS + "/jwks"),
            "countersign",
            Duration.ZERO,
            false,
            "groups",
            "preferred_username");
    private static final Agents AGENTS = new Agents(List.of(
            agent(new Sign.Client("deploy-bot"), "Deploy bot", "deployers"),
            agent(new Sign.Subject(subject -> subject.startsWith("ci-")), "CI"),
            agent(new Sign.Claim("robot", "true"), "Robot")));

    private static Agent agent(Sign sign, String name, String... groups) {
        return new Agent(Optional.empty(), sign, Optional.of(name), Set.of("carol"), Set.of(groups));
    }

    private static DelegationChain read(Object... more) throws ParseException {
        Map<String, Object> claims = new HashMap<>(Map.of("sub", "alice", "preferred_username", "alice"));
        for (int i = 0; i < more.length; i += 2) {
            claims.put((String) more[i], more[i + 1]);
        }
        return ActorChain.read(claims, ISSUER, AGENTS);
    }

    private static List<String> subjects(DelegationChain chain) {
        return chain.links().stream().map(Identity::subject).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"azp", "client_id"})
    void aClientThatThePolicyKnowsAsAnAgentActs(String claim) throws ParseException {
        DelegationChain chain = read(claim, "deploy-bot");
        assertThat(subjects(chain)).containsExactly("alice", "deploy-bot");
        assertThat(chain.origin().kind()).isEqualTo(Identity.Kind.PERSON);
        assertThat(chain.actor().kind()).isEqualTo(Identity.Kind.AGENT);
        assertThat(chain.actor().name()).isEqualTo("Deploy bot");
        assertThat(chain.actor().groups()).containsExactly("deployers");
        assertThat(AGENTS.owners(chain.actor())).containsExactly("carol");
        assertThat(AGENTS.owners(chain.origin())).isEmpty();
    }

    @Test
    void aClientThatPeopleUseDoesNot() throws ParseException {
        assertThat(subjects(read("azp", "psql-helper"))).containsExactly("alice");
    }

    @Test
    void whoActsAlreadyDoesNotActTwice() throws ParseException {
        assertThat(subjects(read("azp", "deploy-bot", "act", Map.of("sub", "deploy-bot"))))
                .containsExactly("alice", "deploy-bot");
        assertThat(subjects(read("azp", "deploy-bot", "act", Map.of("sub", "f3a1-uuid", "client_id", "deploy-bot"))))
                .containsExactly("alice", "f3a1-uuid");
        assertThat(subjects(read("azp", "deploy-bot", "act", Map.of("sub", "planner"))))
                .containsExactly("alice", "planner", "deploy-bot");
    }

    @Test
    void aClientOfTheSameNameElsewhereIsAnotherOne() throws ParseException {
        assertThat(subjects(
                        read("azp", "deploy-bot", "act", Map.of("sub", "deploy-bot", "iss", "https://other.example"))))
                .containsExactly("alice", "deploy-bot", "deploy-bot");
    }

    @Test
    void aClientWithATokenForItselfIsAnAgentAlone() throws ParseException {
        DelegationChain rfc9068 = read("sub", "deploy-bot", "client_id", "deploy-bot");
        assertThat(subjects(rfc9068)).containsExactly("deploy-bot");
        assertThat(rfc9068.actor().kind()).isEqualTo(Identity.Kind.AGENT);

        DelegationChain keycloak =
                read("sub", "8d1c", "azp", "deploy-bot", "preferred_username", "service-account-deploy-bot");
        assertThat(subjects(keycloak)).containsExactly("8d1c");
        assertThat(keycloak.actor().kind()).isEqualTo(Identity.Kind.AGENT);
        assertThat(AGENTS.owners(keycloak.actor())).containsExactly("carol");

        DelegationChain unknown = read("sub", "8d1d", "azp", "other", "preferred_username", "service-account-other");
        assertThat(unknown.actor().kind()).isEqualTo(Identity.Kind.AGENT);
    }

    @Test
    void aClaimTellsAnAgentToo() throws ParseException {
        assertThat(read("robot", "true").origin().kind()).isEqualTo(Identity.Kind.AGENT);
        assertThat(read("robot", true).origin().kind()).isEqualTo(Identity.Kind.AGENT);
        assertThat(read("robot", "false").origin().kind()).isEqualTo(Identity.Kind.PERSON);
        assertThat(read("sub", "ci-7").origin().name()).isEqualTo("CI");
    }

    @Test
    void clientsThatDisagreeAreRefused() {
        assertThatThrownBy(() -> read("azp", "deploy-bot", "client_id", "other"))
                .hasMessageContaining("different clients");
        assertThatThrownBy(() -> read("azp", 7)).hasMessageContaining("no usable client");
    }

    @Test
    void onlyWhoIsNamedMayAct() throws ParseException {
        Map<String, Object> act = Map.of("sub", "planner");
        assertThat(subjects(read("act", act, "may_act", Map.of("sub", "planner"))))
                .containsExactly("alice", "planner");
        assertThat(subjects(read("azp", "deploy-bot", "may_act", Map.of("sub", "deploy-bot", "iss", ADDRESS))))
                .containsExactly("alice", "deploy-bot");
        assertThat(subjects(read("may_act", Map.of("sub", "planner")))).containsExactly("alice");
        assertThatThrownBy(() -> read("act", act, "may_act", Map.of("sub", "other")))
                .hasMessageContaining("'may_act' does not name the one who acts");
        assertThatThrownBy(() -> read("act", act, "may_act", Map.of("sub", "planner", "iss", "https://other.example")))
                .hasMessageContaining("'may_act' does not name the one who acts");
        assertThatThrownBy(() -> read("azp", "deploy-bot", "act", act, "may_act", Map.of("sub", "planner")))
                .hasMessageContaining("'may_act' does not name the one who acts");
        assertThatThrownBy(() -> read("act", act, "may_act", "planner")).hasMessageContaining("not an object");
    }

    @Test
    void onlyAVerifiedAddressSaysWhoSomebodyIs() throws ParseException {
        assertThat(read("email", "Alice@Example.com", "email_verified", true)
                        .origin()
                        .claims()
                        .email())
                .contains("alice@example.com");
        assertThat(read("email", "alice@example.com").origin().claims().email()).isEmpty();
        assertThat(read("email", "alice@example.com", "email_verified", false)
                        .origin()
                        .claims()
                        .email())
                .isEmpty();
    }

    @Test
    void aChainThatAClientMakesTooLongIsRefused() {
        Map<String, Object> act = Map.of("sub", "bot");
        for (int i = 0; i < 6; i++) {
            act = Map.of("sub", "bot" + i, "act", act);
        }
        Map<String, Object> longest = act;
        assertThatThrownBy(() -> read("azp", "deploy-bot", "act", longest)).hasMessageContaining("more than 8 links");
    }
}
