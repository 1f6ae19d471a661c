package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.countersign.api.Content;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Resource;
import io.countersign.api.Secret;
import io.countersign.identity.PasswordHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code policy test} and {@code policy explain}, with a reader of commands that knows one verb and one table. */
class APolicyIsTriedBeforeItLoadsTest {

    private static final String DUTIES = """
            agents:
              - {client-id: deploy-bot, groups: [support]}
            roles: {approver: [approvers]}
            duties:
              - name: support
                carried-by: [support]
                masks: [cards, mail]
                rules:
                  - {name: read, targets: [shop], effects: ["sql:select on table public.*"], decision: permit, limit-rows: 50}
                  - {name: change, targets: [shop], effects: ["sql:delete"], decision: hold, reason: Two must agree., approvers: [seniors]}
                  - {name: both, targets: [shop], effects: ["sql:delete"], decision: refuse, reason: Both must be allowed., when: '!chain.links.all(l, "support" in l.groups)'}
            """;

    private static final Contents ONE_VERB = (text, schemas) -> {
        String[] words = text.split(" ", -1);
        if (words.length != 2) {
            throw new IllegalArgumentException("syntax error at " + text);
        }
        Effect effect = Effect.of("sql:" + words[0], new Resource("table", List.of(schemas.getFirst(), words[1])));
        return new Content(
                text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), List.of("X"), List.of(effect), Set.of());
    };

    /** Making one takes a while. */
    private static final String HASH = PasswordHash.of(Secret.of("x")).written();

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("a-base.yaml"), Shop.BASE);
        Files.writeString(folder.resolve("b-duties.yaml"), DUTIES);
        Files.createDirectory(folder.resolve("tests"));
    }

    private static PrintStream to(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private int test(String... tests) throws IOException {
        List<String> lines = new ArrayList<>(List.of("tests:"));
        for (String each : tests) {
            lines.add("  - {name: t" + lines.size() + ", " + each + "}");
        }
        Files.write(folder.resolve("tests/some.yaml"), lines);
        return TestRun.run(folder.toString(), ONE_VERB, to(out), to(err));
    }

    private int explain(String text, String... through) {
        return Explanation.run(
                folder.toString(),
                new Explanation.Asked("alice", Set.of("support"), List.of(through), "shop", text, List.of("public")),
                ONE_VERB,
                Shop.NOON,
                to(out),
                to(err));
    }

    @Test
    void whatIsExpectedPasses() throws IOException {
        int status = test(
                "as: {name: alice, groups: [support]}, target: shop, command: select orders, expect: {verdict: permit, rule: read, masks: [cards, mail], limit-rows: 50}",
                "as: {name: alice, groups: [support]}, target: shop, effects: ['sql:delete on table public.orders (no-where)'], expect: {verdict: hold, rule: change}",
                "as: {name: alice, groups: [support]}, target: shop, command: select orders, schemas: [hidden], expect: {verdict: refuse, masks: []}",
                "as: {name: alice, groups: [support]}, through: [{name: other-bot}], target: shop, command: delete orders, expect: {verdict: refuse, rule: both}",
                "as: {name: alice, groups: [support]}, through: [{name: deploy-bot}], target: shop, command: delete orders, expect: {verdict: hold}",
                "as: {name: mallory}, target: shop, command: select orders, expect: {verdict: refuse}");
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("ok    t1", "6 tests, 0 failed. Revision ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select | {verdict: hold}                 | expected hold, but it is permit",
                "select | {verdict: permit, rule: change} | expected rule change, but read decides",
                "select | {verdict: permit, masks: [cards]} | expected masks [cards], but they are [cards, mail]",
                "select | {verdict: permit, limit-rows: 5} | expected at most 5 rows, but it is 50",
                "delete | {verdict: hold, limit-rows: 5}  | expected at most 5 rows, but there is no limit",
                "drop   | {verdict: refuse, rule: read}   | expected rule read, but no rule decides",
            })
    void whatIsNotFailsAndSaysWhy(String verb, String expect, String words) throws IOException {
        int status = test(
                "as: {name: alice, groups: [support]}, target: shop, command: " + verb + " orders, expect: " + expect);
        assertThat(status).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).startsWith("FAIL  tests/some.yaml:2: t1: " + words);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("1 tests, 1 failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "target: nowhere, as: {name: a}, command: select t, expect: {verdict: permit} | tests/some.yaml:2:24: there is no target named nowhere",
                "target: shop, as: {name: a}, command: nonsense, expect: {verdict: permit} | syntax error at nonsense",
                "target: shop, as: {name: a}, command: select t                           | 'expect' is missing",
                "target: shop, command: select t, expect: {verdict: permit}               | 'as' is missing",
                "target: shop, as: {name: a}, expect: {verdict: permit}                   | by 'command' or by 'effects'",
                "target: shop, as: {name: a}, effects: [delete], expect: {verdict: permit} | an effect is written",
                "target: shop, as: {name: a}, having: [support], command: select t, expect: {verdict: permit} | no duty named support that somebody has for a time",
                "target: shop, as: {nmae: a}, command: select t, expect: {verdict: permit} | 'nmae' is not known here",
            })
    void aTestThatIsNotUnderstoodIsNoTest(String test, String words) throws IOException {
        assertThat(test(test)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains(words);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void noTestProvesNothing() {
        assertThat(TestRun.run(folder.toString(), ONE_VERB, to(out), to(err))).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("There are no tests");
    }

    @Test
    void anExplanationNamesEveryRuleAndWhy() {
        assertThat(explain("delete orders")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("hold: alice on shop, policy ")
                .contains(
                        "sql:delete on table public.orders\n  hold: Two must agree.\n",
                        "  - read (b-duties.yaml:9), duty support: does not apply: it speaks of other effects\n",
                        "  + change (b-duties.yaml:10), duty support: applies\n",
                        "  - both (b-duties.yaml:11), duty support: does not apply: its condition is false\n",
                        "to be countersigned for rule change, within PT15M:\n  1 of approvers\n");
    }

    @Test
    void andSaysWhoseConditionTheChainMeets() {
        assertThat(explain("delete orders", "other-bot")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("refuse: alice → other-bot on shop")
                .contains("  + both (b-duties.yaml:11), duty support: applies\n");
        assertThat(explain("nonsense")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("syntax error at nonsense");
    }

    private String warnings(String more, String accounts) throws IOException {
        Files.writeString(folder.resolve("c-more.yaml"), more);
        Path file = folder.resolve("accounts.txt");
        StringBuilder text = new StringBuilder("issuer: https://id.example\naccounts:\n");
        for (String account : accounts.split(";", -1)) {
            String[] words = account.split(":", -1);
            text.append("  - {name: %s, groups: [%s], password: '%s'}%n".formatted(words[0], words[1], HASH));
        }
        Files.writeString(file, text);
        assertThat(CheckCommand.run(folder.toString(), Optional.of(file.toString()), to(out), to(err)))
                .isZero();
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aPolicyThatMeansWhatItSaysGetsNoWarning() throws IOException {
        assertThat(warnings("roles: {}", "alice:support;bob:approvers;carol:approvers"))
                .isEmpty();
    }

    @Test
    void whatIsProbablyAMistakeIsTold() throws IOException {
        String more = """
                masks:
                  - {name: unused, detect: [email], way: redact}
                  - {name: elsewhere, table: "hidden.t*", column: c, way: redact}
                  - {name: here, table: "**.t", column: c, way: redact}
                approvers:
                  - {name: idle, groups: [idlers]}
                  - {name: strangers, groups: [strangers]}
                duties:
                  - name: nobodys
                    carried-by: [ghosts]
                    rules:
                      - {name: see, targets: [shop], effects: ["sql:show"], decision: permit}
                  - name: more-support
                    carried-by: [support, others]
                    rules:
                      - {name: never, targets: ["*"], effects: ["sql:up*"], decision: refuse, reason: r}
                      - {name: seen, targets: [shop], effects: ["sql:select on table public.*"], decision: permit, masks: [elsewhere, here]}
                      - {name: hopeless, targets: [shop], effects: ["sql:update on table public.t"], decision: permit}
                      - {name: too-many, targets: [shop], effects: ["sql:insert"], decision: hold, reason: r, approvers: [strangers], quorum: 3}
                """;
        assertThat(warnings(more, "alice:support;sam:strangers;bob:approvers"))
                .contains(
                        "warning: mask unused hides nothing",
                        "warning: mask elsewhere hides nothing: no rule that has it speaks of such a table",
                        "warning: approver group idle approves nothing",
                        "warning: members of strangers may countersign (approver group strangers), but have no role",
                        "warning: nobody carries duty nobodys",
                        "warning: c-more.yaml:18:1: rule hopeless never decides anything: never (c-more.yaml:16) always refuses it",
                        "warning: c-more.yaml:19:1: rule too-many needs 3 of strangers, who are only 1")
                .doesNotContain("rule change", "mask here");
    }

    @Test
    void aHoldThatOnlyTheRequesterCouldApproveIsTold() throws IOException {
        assertThat(warnings("roles: {}", "alice:support,approvers;mallory:guests"))
                .contains("what rule change holds for alice could never be approved: it needs 1 others, and there are"
                        + " only 0");
    }
}
