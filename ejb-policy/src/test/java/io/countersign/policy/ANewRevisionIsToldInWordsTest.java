package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.policy.Policy.SourceFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who gains what by a change of the policy, as its approvers read it. */
class ANewRevisionIsToldInWordsTest {

    private static final String DUTIES = """
            roles:
              approver: [approvers]
            duties:
              - name: care
                carried-by: [support]
                masks: [cards]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select on table public.*"], decision: permit, limit-rows: 100}
                  - {name: change, targets: [shop], effects: ["sql:delete on table public.*"], decision: hold, reason: two see more, approvers: [seniors], quorum: 2}
                  - {name: never, targets: [shop], effects: ["sql:drop"], decision: refuse, reason: never}
            """;

    static Stream<Arguments> table() {
        return Stream.of(
                row("nothing", "", "", new String[0]),
                row(
                        "comments and wording",
                        "reason: never",
                        "reason: never at all",
                        "ALTERS Only comments, wording or order change: everything is decided as before."),
                row(
                        "another group carries a duty",
                        "carried-by: [support]",
                        "carried-by: [support, interns]",
                        "WIDENS Members of interns gain duty care: may do sql:select on table public.* on shop; may do"
                                + " sql:delete on table public.* on shop, once 2 of approvers countersign; never sql:drop"
                                + " on shop."),
                row(
                        "a group loses it",
                        "carried-by: [support]",
                        "carried-by: [interns]",
                        "WIDENS Members of interns gain duty care",
                        "ALTERS Members of support lose duty care"),
                row(
                        "what was held is permitted",
                        "decision: hold, reason: two see more, approvers: [seniors], quorum: 2",
                        "decision: permit",
                        "WIDENS Rule change (support) permits what it held: sql:delete on table public.* on shop."),
                row(
                        "what was permitted is refused",
                        "decision: permit, limit-rows: 100",
                        "decision: refuse, reason: no more, limit-rows: 100",
                        "NARROWS Rule read (support) refuses what it permitted"),
                row(
                        "fewer approvers",
                        "quorum: 2",
                        "quorum: 1",
                        "WIDENS Rule change (support) waits until 1 of approvers countersigns, and waited until 2 of"
                                + " approvers countersign."),
                row(
                        "more of them",
                        "quorum: 2",
                        "quorum: 3",
                        "NARROWS Rule change (support) waits until 3 of approvers countersign"),
                row(
                        "a bound on open transactions",
                        "quorum: 2",
                        "quorum: 2, in-transaction: 2m",
                        "ALTERS Rule change (support) lets what waits keep a transaction open for 120 s, and did so for as"
                                + " long as it waits."),
                row(
                        "an automatic approver is asked, too",
                        "approvers: [seniors], quorum: 2",
                        "stages: [{automatic: {name: freeze, opa: \"https://opa.example/v1/data/freeze\"}}, {approvers:"
                                + " [seniors], quorum: 2}]",
                        "NARROWS Rule change (support) waits until the automatic approver freeze, and then 2 of approvers"
                                + " countersign, and waited until 2 of approvers countersign."),
                row(
                        "more effects",
                        "\"sql:select on table public.*\"",
                        "\"sql:select on table public.*\", \"sql:copy-to\"",
                        "WIDENS Rule read (support) permits more effects: sql:copy-to."),
                row(
                        "fewer effects of a refusal",
                        "\"sql:drop\"",
                        "\"sql:drop on table public.orders\"",
                        "WIDENS Rule never (support) refuses fewer effects: no more sql:drop;",
                        "NARROWS Rule never (support) refuses more effects: sql:drop on table public.orders."),
                row(
                        "a condition",
                        "decision: permit,",
                        "when: now.hour < 18, decision: permit,",
                        "ALTERS Rule read (support) applies where now.hour < 18, and did so always."),
                row("a mask goes", "masks: [cards]", "", "WIDENS Rule change", "WIDENS Rule never", "WIDENS Rule read"),
                row(
                        "more rows",
                        "limit-rows: 100",
                        "limit-rows: 5000",
                        "WIDENS Rule read (support) lets 5000 rows through, and let 100."),
                row(
                        "a rule goes that refused",
                        "      - {name: never, targets: [shop], effects: [\"sql:drop\"], decision: refuse, reason: never}\n",
                        "",
                        "WIDENS Members of support are no longer refused sql:drop on shop: rule never is gone."),
                row(
                        "a role",
                        "approver: [approvers]",
                        "approver: [approvers, interns]",
                        "WIDENS Members of interns get the role approver."),
                row(
                        "who countersigns",
                        "seniors, groups: [approvers]",
                        "seniors, groups: [approvers, interns]",
                        "WIDENS Rule change (support) waits until 2 of approvers, interns countersign",
                        "WIDENS Members of interns may countersign as seniors."),
                row("where a target is", "host: db,", "host: elsewhere,", "ALTERS target shop is {host=elsewhere,"),
                row(
                        "how a mask hides",
                        "way: redact",
                        "way: keep-last-4",
                        "ALTERS mask mail is {detect=[email], way=keep-last-4}, and was {detect=[email], way=redact}."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("table")
    void whoGainsWhat(String name, String from, String to, List<String> words) throws Exception {
        String text = Shop.BASE + DUTIES;
        assertThat(text).contains(from);
        List<String> told = policy(text.replace(from, to)).since(policy(text)).stream()
                .map(change -> change.kind() + " " + change.words())
                .toList();
        assertThat(told).as(told.toString()).hasSameSizeAs(words);
        for (int i = 0; i < words.size(); i++) {
            assertThat(told.get(i)).contains(words.get(i));
        }
    }

    @Test
    void aRulesFormIsWhatItMeansAndNotHowItIsWritten() throws Exception {
        String text = Shop.BASE + DUTIES;
        Policy before = policy(text);
        assertThat(policy("# moved\n" + text.replace("reason: two see more", "reason: four eyes"))
                        .forms())
                .isEqualTo(before.forms());
        for (String[] change : new String[][] {
            {"quorum: 2", "quorum: 1"},
            {"seniors, groups: [approvers]", "seniors, groups: [interns]"},
            {"carried-by: [support]", "carried-by: [support, interns]"},
            {"sql:delete on table public.*", "sql:delete"},
            {
                "approvers: [seniors], quorum: 2",
                "stages: [{approvers: [seniors], quorum: 2}, {automatic: {name: a, opa: \"https://o.example/\"}}]"
            }
        }) {
            assertThat(policy(text.replace(change[0], change[1])).forms().get("change"))
                    .as(change[1])
                    .isNotEqualTo(before.forms().get("change"));
        }
    }

    private static Policy policy(String text) throws PolicyException {
        return Policy.of(List.of(new SourceFile("shop.yaml", text)), name -> "secret");
    }

    private static Arguments row(String name, String from, String to, String... words) {
        return Arguments.of(name, from, to, List.of(words));
    }
}
