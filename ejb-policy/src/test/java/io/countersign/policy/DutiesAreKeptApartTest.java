package io.countersign.policy;

import static io.countersign.policy.Shop.effect;
import static io.countersign.policy.Shop.person;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Command;
import io.countersign.api.DelegationChain;
import io.countersign.api.Effect;
import io.countersign.api.Session;
import io.countersign.api.SessionId;
import io.countersign.policy.Decision.Ruling;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ANSI INCITS 359-2004: static (§6.3) and dynamic (§6.4) separation of duty, each violation with its witness. */
class DutiesAreKeptApartTest {

    private static final String DUTIES = """
            duties:
              - name: enter
                carried-by: [clerks]
                rules:
                  - {name: write, targets: [shop], effects: ["sql:insert"], decision: permit}
                  - {name: ask, targets: [shop], effects: ["sql:update"], decision: hold, reason: r, approvers: [seniors]}
              - name: release
                carried-by: [treasurers, all-rounders]
                rules:
                  - {name: pay, targets: [shop], effects: ["sql:call"], decision: permit}
              - name: look
                carried-by: [clerks, treasurers]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select"], decision: permit}
            separations:
            """;
    private static final String STATIC = "  - {name: four-eyes, duties: [enter, release], kind: static}\n";
    private static final String SESSION = "  - {name: one-hat, duties: [enter, release], kind: session}\n";
    private static final DelegationChain BOTH = DelegationChain.of(person("carl", "clerks", "treasurers"));

    @TempDir
    private Path folder;

    private static Command command(UUID session, long number, Effect... effects) {
        Command template = Shop.command(BOTH, "text " + number, effects);
        return new Command(
                new Session(new SessionId(session), BOTH, "postgres", "shop", "127.0.0.1:1", Shop.NOON, Instant.MAX),
                number,
                Command.Phase.RUN,
                template.content(),
                List.of(),
                template.state());
    }

    @Test
    void whoCarriesBothIsToldWhichGroupsGiveThem() throws Exception {
        Policy policy = Shop.policy(folder, DUTIES + STATIC);
        assertThat(policy.conflict(Set.of("clerks", "treasurers")))
                .contains("carries duty enter by group clerks and duty release by group treasurers, which separation"
                        + " four-eyes (b-duties.yaml:16) keeps apart");
        assertThat(policy.conflict(Set.of("clerks"))).isEmpty();
        assertThat(policy.conflicts(List.of(person("alice", "clerks"), person("carl", "clerks", "all-rounders"))))
                .singleElement()
                .asString()
                .startsWith("b-duties.yaml:16:1: carl of the accounts file carries duty enter by group clerks");
    }

    @Test
    void andIsPermittedNothingWhereASessionIsOpenAlready() throws Exception {
        Policy policy = Shop.policy(folder, DUTIES + STATIC);
        Decision decision = policy.decide(command(UUID.randomUUID(), 1, effect("sql:select")), Shop.NOON);
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decision.reasons().getFirst().place()).isEqualTo("four-eyes (b-duties.yaml:16)");
        assertThat(decision.reasons().getFirst().words()).contains("carl carries duty enter");
    }

    @Test
    void inOneSessionTheSecondDutyIsClosedAndTheFirstCommandIsTheWitness() throws Exception {
        Policy policy = Shop.policy(folder, DUTIES + SESSION);
        SessionDuties duties = new SessionDuties();
        UUID session = UUID.randomUUID();
        assertThat(duties.decide(policy, command(session, 1, effect("sql:select")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
        assertThat(duties.decide(policy, command(session, 2, effect("sql:insert")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
        Decision refused = duties.decide(policy, command(session, 3, effect("sql:call")), Shop.NOON);
        assertThat(refused.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(refused.reasons().getFirst().words())
                .isEqualTo("Command 2 of this session used duty enter, so duty release is closed to it: separation"
                        + " one-hat (b-duties.yaml:16) keeps them apart.");
        assertThat(duties.decide(policy, command(session, 4, effect("sql:insert")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.PERMIT);
        assertThat(duties.decide(policy, command(UUID.randomUUID(), 1, effect("sql:call")), Shop.NOON)
                        .ruling())
                .as("another session wears another hat")
                .isEqualTo(Ruling.PERMIT);
    }

    @Test
    void askingIsUsing() throws Exception {
        Policy policy = Shop.policy(folder, DUTIES + SESSION);
        SessionDuties duties = new SessionDuties();
        UUID session = UUID.randomUUID();
        assertThat(duties.decide(policy, command(session, 1, effect("sql:update")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.HOLD);
        assertThat(duties.decide(policy, command(session, 2, effect("sql:call")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void oneCommandCannotWearBothHats() throws Exception {
        Policy policy = Shop.policy(folder, DUTIES + SESSION);
        Decision both = new SessionDuties()
                .decide(policy, command(UUID.randomUUID(), 1, effect("sql:insert"), effect("sql:call")), Shop.NOON);
        assertThat(both.ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(both.reasons().getFirst().words()).startsWith("This command would use duty enter and duty release");
    }

    @Test
    void aSeparationThatComesWhileASessionIsOpenCountsFromItsBeginning() throws Exception {
        Policy before = Shop.policy(folder, DUTIES.replace("separations:\n", ""));
        SessionDuties duties = new SessionDuties();
        UUID session = UUID.randomUUID();
        duties.decide(before, command(session, 1, effect("sql:insert")), Shop.NOON);
        Policy after = Shop.policy(folder, DUTIES + SESSION);
        assertThat(duties.decide(after, command(session, 2, effect("sql:call")), Shop.NOON)
                        .ruling())
                .isEqualTo(Ruling.REFUSE);
    }

    @Test
    void aGroupThatBreaksASeparationByItselfIsAProblemOfThePolicy() throws Exception {
        assertThat(Shop.problems(folder, DUTIES.replace("[treasurers, all-rounders]", "[clerks]") + STATIC))
                .singleElement()
                .asString()
                .contains("b-duties.yaml:16:", "everybody of group clerks would carry duty enter by group clerks");
        assertThat(Shop.problems(folder, DUTIES + "  - {name: s, duties: [enter, nothing], kind: static}\n"))
                .anyMatch(problem -> problem.contains("there is no duty named nothing"));
        assertThat(Shop.problems(folder, DUTIES + "  - {name: s, duties: [enter], kind: always}\n"))
                .anyMatch(problem -> problem.contains("at least two"))
                .anyMatch(problem -> problem.contains("'always' is not one of session, static"));
    }
}
