package io.countersign.plan;

import static io.countersign.approval.Requests.BOT;
import static io.countersign.plan.Office.ANNA;
import static io.countersign.plan.Office.NOON;
import static io.countersign.plan.Office.OTTO;
import static io.countersign.plan.Office.SESSION;
import static io.countersign.plan.Office.bind;
import static io.countersign.plan.Office.content;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.countersign.api.Bind;
import io.countersign.api.Command;
import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Identity;
import io.countersign.plan.Draft.Drafted;
import io.countersign.policy.Decision;
import io.countersign.policy.Decision.Reason;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnlyThePlansCommandsRunTest {

    private static final Content CLOSE = content("UPDATE orders SET state = 'closed' WHERE id = $1", "sql:update");
    private static final Content LOOK = content("SELECT * FROM orders", "sql:select");
    private static final Draft DRAFT = new Draft(
            DelegationChain.of(ANNA),
            "postgres",
            "shop",
            "month end",
            Office.NOTHING,
            List.of(
                    new Drafted(CLOSE, List.of(OpenParameter.of("integer", "1", "100", null))),
                    new Drafted(LOOK, List.of())));

    private final Policy policy = Office.policy();
    private final PlanRun run = run(policy, OTTO);

    @Test
    void inTheirOrderEachOnceWithoutWaitingAgain() {
        Decision first = decide(command(CLOSE, bind("7")));
        assertThat(first.ruling()).isEqualTo(Ruling.PERMIT);
        assertThat(first.terms()).isEmpty();
        assertThat(first.reasons())
                .extracting(Reason::rule, Reason::words)
                .containsExactly(tuple("change", "Approved with plan 7: two see more"));
        run.went(1);
        assertThat(decide(command(CLOSE, bind("7"))).ruling()).isEqualTo(Ruling.REFUSE);
        assertThat(decide(command(LOOK)).ruling()).isEqualTo(Ruling.PERMIT);
        run.went(2);
        assertThat(words(decide(command(LOOK)))).isEqualTo("Every command of plan 7 has been asked.");
        assertThat(run.step(1)).contains(0);
        assertThat(run.step(2)).contains(1);
        assertThat(run.step(3)).isEmpty();
    }

    @Test
    void notTheSecondBeforeTheFirst() {
        assertThat(words(decide(command(LOOK))))
                .isEqualTo("This is not command 1 of plan 7: its text is another, and must be byte for byte: "
                        + CLOSE.text());
    }

    @ParameterizedTest
    @CsvSource({
        "UPDATE orders SET state = 'closed' WHERE id = $1 , sql:update, 7,   ''",
        "'UPDATE orders SET state = ''closed'' WHERE id = $1 ', sql:update, 7, its text is another",
        "'update orders SET state = ''closed'' WHERE id = $1', sql:update, 7, its text is another",
        "UPDATE orders SET state = 'closed' WHERE id = $1 , sql:delete, 7,   it would do something else than was approved",
        "UPDATE orders SET state = 'closed' WHERE id = $1 , sql:update, 101, the value of $1 is not integer from 1 to 100",
        "UPDATE orders SET state = 'closed' WHERE id = $1 , sql:update, 7 OR 1, the value of $1 is not integer"
    })
    void notWithAnythingElse(String text, String action, String value, String words) {
        Decision decision = decide(command(content(text, action), bind(value)));
        assertThat(decision.ruling()).isEqualTo(words.isEmpty() ? Ruling.PERMIT : Ruling.REFUSE);
        if (!words.isEmpty()) {
            assertThat(words(decision)).contains(words);
        }
    }

    @Test
    void notWithMoreOrFewerValues() {
        assertThat(words(decide(command(CLOSE)))).contains("it has 0 bound values, and must have 1");
        assertThat(words(decide(command(CLOSE, bind("7"), bind("8"))))).contains("it has 2 bound values");
    }

    @Test
    void preparingTheNextOneIsNotRunningIt() {
        Command run = command(CLOSE, bind("7"));
        Command preparing = new Command(run.session(), 1, Command.Phase.PREPARE, run.content(), List.of(), run.state());
        assertThat(decide(preparing).ruling()).isEqualTo(Ruling.PERMIT);
        assertThat(decide(run).ruling()).isEqualTo(Ruling.PERMIT);
    }

    @Test
    void thePolicyStillRefusesInTheSession() {
        Decision decision = run.decide(
                command(CLOSE, bind("7")),
                policy.planning(),
                () -> new Decision(
                        Ruling.REFUSE,
                        List.of(new Reason(
                                "sql:update", Ruling.REFUSE, "kept-apart", "a.yaml", 3, "anna exported it.")),
                        List.of(),
                        List.of(),
                        Set.of(),
                        policy.revision()));
        assertThat(words(decision)).isEqualTo("anna exported it.");
    }

    @Test
    void whatItsApprovalDoesNotCoverDoesNotRun() {
        PlanRun robots = run(policy, BOT);
        Command through = Office.command(DelegationChain.of(ANNA, BOT), CLOSE, bind("7"));
        Decision decision = robots.decide(through, policy.planning(), () -> policy.decide(through, NOON));
        assertThat(words(decision)).contains("does not cover what rule not-through-robots asks for");
    }

    @Test
    void norAnythingUnderAnotherPolicy() {
        Policy other = Office.policy(Office.POLICY + "# another revision\n");
        Command command = command(CLOSE, bind("7"));
        assertThat(words(run.decide(command, other.planning(), () -> other.decide(command, NOON))))
                .isEqualTo("The policy has changed since plan 7 was submitted: submit it again.");
    }

    @Test
    void norAnythingAfterItsEnd() {
        run.end("command 1 failed: 23505");
        run.end("another reason comes too late");
        assertThat(words(decide(command(CLOSE, bind("7"))))).isEqualTo("Plan 7 is over: command 1 failed: 23505.");
    }

    private Decision decide(Command command) {
        return run.decide(command, policy.planning(), () -> policy.decide(command, NOON));
    }

    private static String words(Decision decision) {
        assertThat(decision.ruling()).isEqualTo(Ruling.REFUSE);
        return decision.reasons().getFirst().words();
    }

    private static Command command(Content content, Bind... binds) {
        return Office.command(DelegationChain.of(ANNA, OTTO), content, binds);
    }

    private static PlanRun run(Policy policy, Identity executor) {
        Submission.Acceptable acceptable = (Submission.Acceptable)
                Submission.of(policy, policy.planning().orElseThrow(), DRAFT, rules -> List.of(), NOON);
        PlanStanding plan = new PlanStanding(
                7,
                PlanState.RUNNING,
                1,
                DRAFT.planner(),
                "postgres",
                "shop",
                "month end",
                Office.NOTHING,
                DRAFT.commands().stream().map(Drafted::step).toList(),
                policy.revision(),
                List.of(),
                Optional.of(SESSION.toString()),
                Optional.of(DelegationChain.of(executor)),
                NOON,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        return new PlanRun(plan, SESSION.toString(), acceptable.held().terms());
    }
}
