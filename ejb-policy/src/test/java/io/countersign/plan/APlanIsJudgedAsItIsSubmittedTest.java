package io.countersign.plan;

import static io.countersign.plan.Office.NOON;
import static io.countersign.plan.Office.content;
import static io.countersign.plan.Office.draft;
import static io.countersign.plan.Office.read;
import static io.countersign.plan.Office.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.DelegationChain;
import io.countersign.approval.Held;
import io.countersign.approval.Matter;
import io.countersign.plan.Draft.Drafted;
import io.countersign.policy.Author;
import io.countersign.policy.Decision.Terms;
import io.countersign.policy.Framer;
import io.countersign.policy.Policy;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class APlanIsJudgedAsItIsSubmittedTest {

    private static final Policy POLICY = Office.policy();
    private static final Drafted DROP = new Drafted(content("DROP TABLE orders", "sql:drop"), List.of());
    private static final Drafted VACUUM = new Drafted(content("VACUUM orders", "sql:vacuum"), List.of());
    private static final Drafted DELETE = new Drafted(content("DELETE FROM orders", "sql:delete"), List.of());

    @Test
    void oneRefusedCommandRefusesThePlanAndEachIsNamed() {
        assertThat(judge(read("SELECT 1"), DROP, VACUUM))
                .isEqualTo(
                        new Submission.Refused(
                                List.of(
                                        "Command 2 would be refused: sql:drop on table public.orders: never here never (shop.yaml:16)",
                                        "Command 3 would be refused: sql:vacuum on table public.orders: No rule permits it, so it is refused.")));
    }

    static Stream<Arguments> needs() {
        return Stream.of(
                Arguments.of("permitted ones alone", List.of(read("SELECT 1")), List.of("plans")),
                Arguments.of("held ones", List.of(update("UPDATE a"), update("UPDATE b")), List.of("plans", "change")),
                Arguments.of(
                        "held by several", List.of(DELETE, update("UPDATE a")), List.of("plans", "remove", "change")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("needs")
    void itNeedsWhomEachOfItsCommandsNeedsAndWhomEveryPlanDoes(
            String name, List<Drafted> commands, List<String> rules) {
        assertThat(held(commands.toArray(Drafted[]::new)).terms())
                .extracting(Terms::rule)
                .containsExactlyElementsOf(rules);
    }

    @Test
    void whatOthersReadOfItCannotBeForged() {
        Held held = held(
                update("UPDATE orders\nSET a = $1 --\n2. SELECT 1", OpenParameter.of("integer", "1", "100", null)),
                read("SELECT 2"));
        assertThat(held.matter()).isEqualTo(Matter.PLAN);
        assertThat(held.statement()).isEqualTo("""
                plan on shop: month end
                1. UPDATE orders
                   SET a = $1 --
                   2. SELECT 1
                   $1: integer from 1 to 100
                2. SELECT 2""");
    }

    @Test
    void norByWhateverElseEndsALine() {
        Held held = held(update(
                "UPDATE orders /*\r2. SELECT 1 */",
                OpenParameter.of("text", null, null, "open\n3. SELECT 1"),
                OpenParameter.of("text", null, null, "open\u20284. SELECT 1")));
        assertThat(held.statement().lines().map(line -> line.replace("\u2028", "|")))
                .containsExactly(
                        "plan on shop: month end",
                        "1. UPDATE orders /*",
                        "   2. SELECT 1 */",
                        "   $1: text like open",
                        "   3. SELECT 1",
                        "   $2: text like open|   4. SELECT 1");
    }

    @Test
    void whoBroughtItsRulesIntoForceIsKnown() {
        Framer framer = new Framer(new Author.Named("ben"), "change", false);
        Submission.Acceptable acceptable = (Submission.Acceptable) Submission.of(
                POLICY,
                POLICY.planning().orElseThrow(),
                draft(update("UPDATE a")),
                rules -> rules.contains("change") && rules.contains("plans") ? List.of(framer) : List.of(),
                NOON);
        assertThat(acceptable.held().framers()).containsExactly(framer);
    }

    static Stream<Arguments> others() {
        Draft one = draft(update("UPDATE a", OpenParameter.of("integer", "1", "9", null)), read("SELECT 1"));
        return Stream.of(
                Arguments.of(
                        "order", draft(one.commands().get(1), one.commands().get(0))),
                Arguments.of(
                        "bounds",
                        draft(
                                update("UPDATE a", OpenParameter.of("integer", "1", "10", null)),
                                one.commands().get(1))),
                Arguments.of(
                        "text",
                        draft(update("UPDATE a ", OpenParameter.of("integer", "1", "9", null)), read("SELECT 1"))),
                Arguments.of(
                        "planner",
                        new Draft(
                                DelegationChain.of(Office.ANNA, Office.OTTO),
                                "postgres",
                                "shop",
                                "month end",
                                Office.NOTHING,
                                one.commands())),
                Arguments.of(
                        "reason",
                        new Draft(
                                one.planner(), "postgres", "shop", "something else", Office.NOTHING, one.commands())));
    }

    @ParameterizedTest(name = "another {0}")
    @MethodSource("others")
    void anythingElseIsAnotherPlan(String what, Draft other) {
        Draft one = draft(update("UPDATE a", OpenParameter.of("integer", "1", "9", null)), read("SELECT 1"));
        assertThat(held(other).digest()).isNotEqualTo(held(one).digest());
        assertThat(held(one).digest()).isEqualTo(held(one).digest());
    }

    private static Held held(Drafted... commands) {
        return held(draft(commands));
    }

    private static Held held(Draft draft) {
        return ((Submission.Acceptable) judge(draft)).held();
    }

    private static Submission judge(Drafted... commands) {
        return judge(draft(commands));
    }

    private static Submission judge(Draft draft) {
        return Submission.of(POLICY, POLICY.planning().orElseThrow(), draft, rules -> List.of(), NOON);
    }
}
