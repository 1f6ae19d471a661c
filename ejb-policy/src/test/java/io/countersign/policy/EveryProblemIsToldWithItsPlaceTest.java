package io.countersign.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EveryProblemIsToldWithItsPlaceTest {

    @TempDir
    private Path folder;

    private static String rule(String fields) {
        return """
                duties:
                  - name: d
                    carried-by: [g]
                    rules:
                      - {name: r, targets: [shop], effects: ["sql:select"], %s}
                """.formatted(fields);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "decision: maybe                                       | b-duties.yaml:5:71: 'maybe' is not one of hold, permit, refuse",
                "decision: permit, whom: x                             | 'whom' is not known here",
                "decision: hold, reason: r                             | needs 'approvers'",
                "decision: hold, reason: r, approvers: []              | needs 'approvers'",
                "decision: hold, reason: r, approvers: [nobody]        | there is no approver group named nobody",
                "decision: hold, reason: r, approvers: [seniors], quorum: 0 | 'quorum' must be a number from 1 to 100",
                "decision: hold, reason: r, approvers: [seniors], stages: [{approvers: [seniors]}] | write them within 'stages'",
                "decision: hold, reason: r, stages: []                 | needs 'approvers'",
                "decision: hold, reason: r, stages: [{quorum: 2}]      | a stage needs 'approvers'",
                "decision: hold, reason: r, stages: [{approvers: [seniors, seniors], quorum: all}] | seniors stands here twice",
                "decision: hold, reason: r, stages: [{approvers: [seniors], quorum: most}] | 'quorum' must be a number from 1 to 100",
                "decision: permit, stages: [{approvers: [seniors]}]    | goes with 'decision: hold' only",
                "decision: hold, reason: r, approvers: [seniors], within: soon | 'within' must be a time",
                "decision: hold, reason: r, approvers: [seniors], within: 999d | longer than it may be",
                "decision: hold, reason: r, approvers: [seniors], rerun: often | 'rerun' must be a time",
                "decision: hold, reason: r, approvers: [seniors], rerun: 2d | 'rerun' is longer than it may be",
                "decision: hold, reason: r, approvers: [seniors], in-transaction: soon | 'in-transaction' must be a time",
                "decision: permit, in-transaction: 2m                  | 'in-transaction' goes with 'decision: hold' only",
                "decision: permit, rerun: 10m                          | 'rerun' goes with 'decision: hold' only",
                "decision: refuse                                      | needs 'reason'",
                "decision: permit, quorum: 2                           | goes with 'decision: hold' only",
                "decision: permit, masks: [none]                       | there is no mask named none",
                "decision: permit, when: 'requester.nmae == \"x\"'     | undefined field 'nmae'",
                "decision: permit, when: '1 + 1'                       | expected type 'bool'",
                "decision: permit, when: 'effect.flags['               | b-duties.yaml:5:",
                "decision: permit, limit-rows: many                    | 'limit-rows' must be a number",
                "decision: permit, decision: refuse                    | stands here twice",
            })
    void ofARule(String fields, String expected) throws IOException {
        assertThat(Shop.problems(folder, rule(fields))).anyMatch(problem -> problem.contains(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dutys: []                                             | b-duties.yaml:1:1: 'dutys' is not known here",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, password: hunter2, tls: off}] | a password never stands in a policy file",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, password: '${p:hunter2}', tls: off}] | a password never stands in a policy file",
                "targets: [{name: x, protocol: postgres, host: '${h', port: 1, user: u, password: '${p}', tls: off}] | a variable is written ${name}",
                "issuers: [{name: i, issuer: i, jwks: 'https://a b', audience: a}] | b-duties.yaml:1:38:",
                "issuers: [{name: i, issuer: i, jwks: keys, audience: a, development: true}] | 'jwks' must be an address",
                "masks: [{name: m, way: redact, detect: []}]           | this mask would hide nothing",
                "masks: [{name: m, way: redact, detect: [email], table: t}] | 'table' goes with 'column'",
                "duties: [{name: d, carried-by: [g]}]                  | at least one rule",
                "targets: [{name: shop, protocol: postgres, host: h, port: 1, user: u, password: '${p}', tls: off}] | two of target",
                "targets: [{name: x, protocol: mysql, host: h, port: 1, user: u, password: '${p}', tls: off}] | protocol 'mysql' is not known",
                "targets: [{name: x, protocol: postgres, host: h, port: 70000, user: u, password: '${p}', tls: off}] | from 1 to 65535",
                "targets: [{name: x, protocol: postgres, host: '${nowhere}', port: 1, user: u, password: '${p}', tls: off}] | variable nowhere has no value",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, password: {file: /does/not/exist}, tls: off}] | cannot be read",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, password: '${p}', tls: off, channel-binding: require}] | 'channel-binding' goes with 'tls: verify-full' only",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, password: '${p}', tls: verify-full, channel-binding: disable}] | 'disable' is not one of prefer, require",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, tls: verify-full}] | 'password' is missing",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, certificate: c.pem, tls: verify-full}] | 'certificate' and 'key' go together",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, certificate: c.pem, key: k.pem, tls: off}] | 'certificate' goes with 'tls: verify-full' only",
                "targets: [{name: x, protocol: postgres, host: h, port: 1, user: u, certificate: c.pem, key: k.pem, tls: verify-full, channel-binding: require}] | binds the proof of a password, and there is none",
                "issuers: [{name: i, issuer: 'http://i', jwks: 'http://i/jwks', audience: a}] | keys must come by https",
                "agents: [{subject: 'bot*', issuer: nobody}]           | there is no issuer named nobody",
                "agents: [{owners: [carol]}]                           | told by one of 'subject', 'client-id' and 'claim'",
                "agents: [{subject: a, client-id: b}]                  | told by one of 'subject', 'client-id' and 'claim'",
                "agents: [{claim: {name: robot}}]                      | 'value' is missing",
                "approvers: [{name: a, groups: [g], hours: {from: '18:00', to: '08:00', zone: UTC}}] | 'to' after 'from'",
                "approvers: [{name: a, groups: [g], hours: {from: eight, to: '18:00', zone: UTC}}] | could not be parsed",
                "approvers: [{name: a, groups: [g], hours: {from: '08:00', to: '18:00', zone: Middle/Earth}}] | Unknown time-zone",
                "approvers: [{name: a, groups: [g], hours: {days: [monday], from: '08:00', to: '18:00', zone: UTC}}] | 'monday' is not one of",
                "approvers: [{name: a, groups: [g], most-pending: 0}]  | 'most-pending' must be a number",
                "persons: [{id: p}]                                    | a person needs 'accounts' or 'emails'",
                "persons: [{id: p, accounts: [{issuer: no, subject: s}]}] | there is no issuer named no",
                "persons: [{id: p, emails: [a@b]}, {id: q, emails: [A@B]}] | is p's already",
                "persons: [{id: p, emails: [a@b]}, {id: p, emails: [c@d]}] | two of person p",
                "masks: [{name: m, way: blur, column: c}]              | 'blur' is not one of",
                "masks: [{name: m, way: redact}]                       | selects by 'column'",
                "masks: [{name: m, way: redact, detect: [iban, ibon]}] | b-duties.yaml:1:47: 'ibon' is not one of api-key, email, iban",
                "masks: [{name: m, way: hash, column: c}]              | 'key' is missing",
                "masks: [{name: m, way: token, column: c, key: secret}] | a key never stands in a policy file",
                "masks: [{name: m, way: redact, column: c, key: '${p}'}] | 'key' goes with 'way: hash'",
                "masks: [{name: m, way: hash, column: c, key: {file: /does/not/exist}}] | the file of this key cannot be read",
                "masks: [{name: m, way: hash, column: c, key: '${p}'}] | fewer than 22 characters",
                "separations: [{name: s, kind: object}]                | a separation of objects needs 'apart' with at least two",
                "separations: [{name: s, kind: object, apart: [{effects: []}, {effects: ['sql:x']}]}] | at least one pattern",
                "separations: [{name: s, kind: object, apart: [{effects: ['sql x']}, {effects: ['sql:x']}]}] | after the action comes 'on'",
                "separations: [{name: s, kind: object, duties: [d], apart: [{effects: ['sql:x']}, {effects: ['sql:y']}]}] | 'duties' does not go with 'kind: object'",
                "separations: [{name: s, kind: static, duties: [d, e], within: 1d}] | 'within' goes only with 'kind: object'",
                "separations: [{name: s, kind: object, within: ever, apart: [{effects: ['sql:x']}, {effects: ['sql:y']}]}] | 'within' must be a time",
                "duties: nothing                                       | 'duties' must be a list",
                "duties: [just words]                                  | a mapping (key: value) is expected here",
                "'duties: [&a [*a]]'                                   | b-duties.yaml",
                "'{unclosed'                                           | b-duties.yaml:",
            })
    void ofTheRest(String text, String expected) throws IOException {
        assertThat(Shop.problems(folder, text)).anyMatch(problem -> problem.contains(expected));
    }

    @Test
    void ofTwoRulesOfOneNameInDifferentDuties() throws IOException {
        String second =
                "  - {name: e, carried-by: [g], rules: [{name: r, targets: [shop], effects: [\"sql:x\"], decision: permit}]}\n";
        assertThat(Shop.problems(folder, rule("decision: permit") + second))
                .singleElement()
                .asString()
                .contains("b-duties.yaml:6:", "two of rule r");
    }

    @Test
    void ofAFileThatIsTooDeepToBeRead() throws IOException {
        assertThat(Shop.problems(folder, "duties: " + "[".repeat(100_000)))
                .singleElement()
                .asString()
                .contains("b-duties.yaml:1:", "nested more than");
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                arguments("when: nonsense == 1", "6:15: undeclared reference"),
                arguments("when: '\"it''s\" == nonsense'", "6:27: undeclared reference"),
                arguments("when: \"\\\"x\\\" == nonsense\"", "6:25: undeclared reference"),
                arguments("when: |\n          true &&\n          nonsense == 1", "8:11: undeclared reference"),
                arguments("when: true &&\n          nonsense == 1", "6:15: undeclared reference"));
    }

    @ParameterizedTest
    @MethodSource("conditions")
    void ofAConditionWhereItStands(String when, String expected) throws IOException {
        String text = """
                duties:
                  - name: d
                    carried-by: [g]
                    rules:
                      - name: r
                        %s
                        targets: [shop]
                        effects: ["sql:select"]
                        decision: permit
                """.formatted(when);
        assertThat(Shop.problems(folder, text)).singleElement().asString().startsWith("b-duties.yaml:" + expected);
    }

    @Test
    void checkingNeedsNothingThatOnlyTheDeploymentHas() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), """
                issuers:
                  - {name: a, issuer: "${first}", jwks: "${first}/certs", audience: countersign}
                  - {name: b, issuer: "${second}", jwks: "${second}/certs", audience: countersign}
                targets:
                  - name: x
                    protocol: postgres
                    host: ${host}
                    port: ${port}
                    user: u
                    password: {file: /run/secrets/of-another-machine}
                    tls: verify-full
                """);
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CheckCommand.run(
                folder.toString(),
                Optional.empty(),
                new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(status).isZero();
    }

    @Test
    void allOfThemAndNotOnlyTheFirst() throws IOException {
        assertThat(Shop.problems(folder, rule("decision: maybe, whom: x, when: 'nonsense'")))
                .hasSizeGreaterThan(2);
    }

    @Test
    void anEmptyFolderIsNoPolicy() {
        assertThatThrownBy(() -> Policy.load(folder, name -> null))
                .isInstanceOf(PolicyException.class)
                .hasMessageContaining("files named *.yaml");
    }

    @Test
    void checkPrintsThemAsCompilersDo() throws IOException {
        Files.writeString(folder.resolve("p.yaml"), "duties: [{nam: x}]\n");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = CheckCommand.run(
                folder.toString(),
                Optional.empty(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        assertThat(status).isEqualTo(1);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("p.yaml:1:").contains("'name' is missing");
    }
}
