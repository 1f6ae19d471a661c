package io.countersign.grant;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.grant.GrantStanding.Kind;
import io.countersign.policy.Elevation;
import io.countersign.policy.Policy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WhoMayBreakTheGlassTest {

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final Identity OLGA = identity("olga", Identity.Kind.PERSON, "on-call", "support");
    private static final Identity BOT = identity("bot", Identity.Kind.AGENT, "on-call");

    @TempDir
    private Path folder;

    private Policy policy;

    @BeforeEach
    void load() throws Exception {
        Files.writeString(folder.resolve("shop.yaml"), """
                issuers:
                  - {name: demo, issuer: "https://id.example", jwks: "https://id.example/jwks", audience: countersign}
                targets:
                  - {name: shop, protocol: postgres, host: db, port: 5432, user: gateway, password: "${p}", tls: verify-full}
                approvers:
                  - {name: seniors, groups: [approvers]}
                duties:
                  - name: mend
                    carried-by: [on-call]
                    break-glass: {lasts: 20m, signed-in-within: 5m, approvers: [seniors]}
                    rules: [{name: m, targets: [shop], effects: ["sql:update"], decision: permit}]
                  - name: clean
                    grants: {to: [support], longest: 2h, approvers: [seniors]}
                    rules: [{name: c, targets: [shop], effects: ["sql:delete"], decision: permit}]
                  - name: audit
                    carried-by: [auditors]
                    rules: [{name: a, targets: [shop], effects: ["sql:select"], decision: permit}]
                separations:
                  - {name: apart, kind: static, duties: [clean, audit]}
                """);
        policy = Policy.load(folder, name -> "secret");
    }

    @Test
    void whoCarriesItAndHasJustSignedIn() {
        assertThat(reasons(DelegationChain.of(OLGA), Optional.of(NOON.minusSeconds(299))))
                .isEmpty();
    }

    @Test
    void notWhoSignedInLongAgoOrWhoKnowsWhen() {
        assertThat(reasons(DelegationChain.of(OLGA), Optional.of(NOON.minusSeconds(301))))
                .singleElement()
                .asString()
                .contains("a sign-in within the last 5 min", "Sign in again");
        assertThat(reasons(DelegationChain.of(OLGA), Optional.empty()))
                .singleElement()
                .asString()
                .contains("nothing says when", "no auth_time claim", "Have its issuer send it");
    }

    @Test
    void notByAClaimFromTheFuture() {
        assertThat(reasons(DelegationChain.of(OLGA), Optional.of(NOON.plusSeconds(120))))
                .hasSize(1);
    }

    @Test
    void noAgentAndNobodyThroughOne() {
        assertThat(reasons(DelegationChain.of(BOT), Optional.of(NOON)))
                .anyMatch(reason -> reason.contains("Only people"));
        assertThat(reasons(DelegationChain.of(OLGA, BOT), Optional.of(NOON)))
                .anyMatch(reason -> reason.contains("Only people"));
    }

    @Test
    void nobodyElse() {
        assertThat(reasons(DelegationChain.of(identity("sid", Identity.Kind.PERSON, "sales")), Optional.of(NOON)))
                .containsExactly("Only members of on-call may break the glass for duty mend.");
    }

    @Test
    void notTwice() {
        GrantStanding there = new GrantStanding(
                7,
                Kind.BREAK_GLASS,
                8,
                DelegationChain.of(OLGA),
                "shop",
                "mend",
                "r",
                Duration.ofMinutes(20),
                Optional.empty(),
                NOON,
                Optional.of(NOON),
                Optional.of(NOON.plusSeconds(1_200)),
                Optional.empty(),
                Optional.empty());
        assertThat(Admission.mayBreak(
                        policy,
                        (Elevation.BreakGlass) policy.elevation("mend").orElseThrow(),
                        wanted(DelegationChain.of(OLGA), "mend", Duration.ofMinutes(20)),
                        Optional.of(NOON),
                        List.of(there),
                        NOON))
                .containsExactly("There is break-glass 7 (duty mend on shop) already, until 2026-03-02T12:20:00Z.");
    }

    @Test
    void aGrantIsForItsGroupsAndNoLongerThanThePolicySays() {
        assertThat(ask(OLGA, Duration.ofHours(2))).isEmpty();
        assertThat(ask(OLGA, Duration.ofHours(3))).containsExactly("Duty clean is granted for 2 h at the longest.");
        assertThat(ask(identity("sid", Identity.Kind.PERSON, "sales"), Duration.ofHours(1)))
                .containsExactly("Only members of support may ask for duty clean.");
    }

    @Test
    void norForWhoCarriesWhatIsKeptApartFromIt() {
        assertThat(ask(identity("ann", Identity.Kind.PERSON, "support", "auditors"), Duration.ofHours(1)))
                .singleElement()
                .asString()
                .contains("ann then carries duty clean by a grant and duty audit by group auditors");
    }

    private List<String> ask(Identity who, Duration duration) {
        return Admission.mayAsk(
                policy,
                (Elevation.Grantable) policy.elevation("clean").orElseThrow(),
                wanted(DelegationChain.of(who), "clean", duration),
                List.of());
    }

    private List<String> reasons(DelegationChain who, Optional<Instant> signedIn) {
        return Admission.mayBreak(
                policy,
                (Elevation.BreakGlass) policy.elevation("mend").orElseThrow(),
                wanted(who, "mend", Duration.ofMinutes(20)),
                signedIn,
                List.of(),
                NOON);
    }

    private static Wanted wanted(DelegationChain who, String duty, Duration duration) {
        return new Wanted(who, "postgres", "shop", duty, "orders are stuck", duration, Optional.empty());
    }

    private static Identity identity(String name, Identity.Kind kind, String... groups) {
        return new Identity("https://id.example", name, name, Set.of(groups), kind);
    }
}
