package io.countersign.policy;

import static io.countersign.policy.Shop.command;
import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagesAndPersonsAreReadTest {

    @TempDir
    private Path folder;

    @Test
    void inTheOrderInWhichTheyStand() throws Exception {
        Policy policy = Shop.policy(folder, """
                approvers:
                  - name: security
                    groups: [security]
                    hours: {days: [mon, fri], from: "08:00", to: "18:00", zone: Europe/Berlin}
                    most-pending: 5
                persons:
                  - id: alice-adams
                    accounts: [{issuer: demo, subject: alice}, {issuer: demo, subject: aadams}]
                duties:
                  - name: d
                    carried-by: [support]
                    rules:
                      - name: r
                        targets: [shop]
                        effects: ["sql:delete"]
                        decision: hold
                        reason: Two kinds of people must see it.
                        stages:
                          - {approvers: [seniors], quorum: 2}
                          - {approvers: [seniors, security], quorum: all}
                """);
        Decision decision = policy.decide(
                command(DelegationChain.of(person("alice", "support")), "x", effect("sql:delete", "public", "t")),
                Shop.NOON);
        assertThat(decision.terms()).singleElement().satisfies(terms -> {
            assertThat(terms.persons()).isEqualTo(4);
            assertThat(terms.groups()).containsExactlyInAnyOrder("approvers", "security");
            assertThat(terms.stages().getFirst())
                    .isInstanceOfSatisfying(
                            Stage.Persons.class,
                            persons -> assertThat(persons.seats()).hasSize(2));
            assertThat(terms.stages().getLast())
                    .isInstanceOfSatisfying(
                            Stage.Persons.class,
                            persons -> assertThat(persons.each()).isTrue());
            ApproverGroup security = terms.stages().getLast().approvers().getLast();
            assertThat(security.mostPending()).hasValue(5);
            assertThat(security.hours().orElseThrow().described()).isEqualTo("mon, fri 08:00-18:00 Europe/Berlin");
        });
        assertThat(policy.people().same(person("alice"), person("aadams"))).isPresent();
        assertThat(policy.people().same(person("alice"), person("bob"))).isEmpty();
    }
}
