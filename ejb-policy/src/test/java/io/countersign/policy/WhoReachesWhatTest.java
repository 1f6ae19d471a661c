package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.countersign.policy.Policy.SourceFile;
import io.countersign.policy.Reach.Way;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WhoReachesWhatTest {

    private static final String BASE = Shop.BASE.replace(
            "targets:\n",
            "targets:\n  - {name: other, protocol: postgres, host: db, port: 5432, user: gateway, password: \"${p}\", tls: off}\n");

    private Policy policy;

    @BeforeEach
    void read() throws PolicyException {
        policy = Policy.of(List.of(new SourceFile("shop.yaml", BASE + """
                        duties:
                          - name: care
                            carried-by: [support, night]
                            rules:
                              - {name: read, targets: [shop], effects: ["sql:select on table public.*", "sql:select on table secret.*"], decision: permit}
                              - {name: change, targets: [shop], effects: ["sql:delete on table public.*"], decision: hold, reason: two see more, approvers: [seniors], quorum: 2}
                              - {name: elsewhere, targets: [other], effects: ["sql:drop"], decision: permit}
                          - name: quiet
                            carried-by: [night]
                            rules:
                              - {name: no-secrets, targets: ["*"], effects: ["sql:select on table secret.*"], decision: refuse, reason: never}
                              - {name: purge, targets: [shop], effects: ["sql:delete"], when: now.hour < 6, decision: permit}
                          - name: mend
                            carried-by: [on-call]
                            break-glass: {approvers: [seniors]}
                            rules:
                              - {name: mend-anything, targets: [shop], effects: ["sql:update"], decision: permit}
                          - name: clean
                            grants: {to: [night], approvers: [seniors]}
                            rules:
                              - {name: clean-up, targets: [shop], effects: ["sql:truncate"], decision: permit}
                        """)), name -> "secret");
    }

    @Test
    void byGroupWithWhomTheyNeed() {
        assertThat(asked("sql:delete on table public.orders"))
                .containsExactly(
                        "night: sql:delete on table public.*, once 2 of approvers countersign  [change (shop.yaml:16)]",
                        "night: sql:delete, where now.hour < 6  [purge (shop.yaml:22)]",
                        "support: sql:delete on table public.*, once 2 of approvers countersign  [change (shop.yaml:16)]");
    }

    @Test
    void notWhatSomethingStricterAlwaysDecides() {
        assertThat(asked("sql:select on table secret.keys"))
                .containsExactly("support: sql:select on table secret.*  [read (shop.yaml:15)]");
    }

    @Test
    void byActionAndOnOneTarget() {
        assertThat(asked("sql:d*")).hasSize(3);
        assertThat(asked("sql:drop")).isEmpty();
        assertThat(policy.reach("other", Optional.empty()))
                .extracting(Way::group)
                .containsExactly("night", "support");
    }

    @Test
    void alsoByDutiesThatAreHadForATimeOnly() {
        assertThat(asked("sql:update"))
                .containsExactly("on-call, by breaking the glass, reviewed by 2 of approvers: sql:update"
                        + "  [mend-anything (shop.yaml:27)]");
        assertThat(asked("sql:truncate"))
                .containsExactly(
                        "night, for a time, granted by 1 of approvers: sql:truncate  [clean-up (shop.yaml:31)]");
    }

    @Test
    void whatIsReachedAloneNeedsNobodyBefore() {
        assertThat(policy.reach("shop", Optional.empty()).stream()
                        .filter(Way::alone)
                        .map(way -> way.group() + " " + way.action()))
                .containsExactly(
                        "night sql:select",
                        "night sql:delete",
                        "on-call sql:update",
                        "support sql:select",
                        "support sql:select");
    }

    @Test
    void whatIsNoEffectIsToldSo() {
        assertThatThrownBy(() -> asked("delete everything on"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("after the action comes 'on'");
    }

    private List<String> asked(String effect) {
        return policy.reach("shop", Optional.of(effect)).stream()
                .map(Way::described)
                .toList();
    }
}
