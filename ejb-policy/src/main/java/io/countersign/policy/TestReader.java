package io.countersign.policy;

import io.countersign.api.Content;
import io.countersign.api.DelegationChain;
import io.countersign.api.Digest;
import io.countersign.api.Effect;
import io.countersign.api.Identity;
import io.countersign.identity.Issuer;
import io.countersign.policy.Decision.Ruling;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a file of policy tests: under {@code tests}, who asks ({@code as}, {@code through}), with which duties for a time
 * ({@code having}), what ({@code command} or
 * {@code effects}) of which {@code target}, and what is to be expected ({@code expect}).
 */
final class TestReader {

    /** A Monday, for rules that ask what day it is. */
    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");

    /**
     * One test.
     *
     * @param rule  one that decides; any where empty
     * @param masks exactly those that the answer is given with; any where empty
     * @param rows  how many rows the answer is limited to; any where empty
     */
    record Expected(
            String name,
            String file,
            int line,
            Trial trial,
            Ruling ruling,
            Optional<String> rule,
            Optional<Set<String>> masks,
            Optional<Integer> rows) {}

    private final Policy policy;
    private final Contents contents;
    private final Values values = new Values(name -> null, true);

    TestReader(Policy policy, Contents contents) {
        this.policy = policy;
        this.contents = contents;
    }

    List<Expected> read(Yaml.Fields root) {
        root.only("tests");
        List<Expected> tests = new ArrayList<>();
        root.maps("tests").forEach(fields -> test(fields).ifPresent(tests::add));
        return tests;
    }

    private Optional<Expected> test(Yaml.Fields fields) {
        fields.only(
                "name", "as", "through", "having", "target", "command", "effects", "schemas", "state", "at", "expect");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<DelegationChain> chain = chain(fields);
        Optional<Yaml.Text> target = fields.required("target");
        Optional<Content> content = content(fields);
        Instant at = fields.text("at").flatMap(text -> text.as(Instant::parse)).orElse(NOON);
        Map<String, String> state = fields.map("state").map(Yaml.Fields::texts).orElse(Map.of("transaction", "I"));
        if (target.isPresent()
                && policy.target("postgres", target.get().value()).isEmpty()) {
            target.get().problem("there is no target named " + target.get().value());
        }
        Optional<Yaml.Fields> expect = fields.map("expect");
        if (expect.isEmpty()) {
            fields.problem("'expect' is missing: a test without it could not fail");
            return Optional.empty();
        }
        expect.get().only("verdict", "rule", "masks", "limit-rows");
        Optional<Ruling> ruling = Values.choice(
                expect.get().required("verdict"),
                Map.of("permit", Ruling.PERMIT, "hold", Ruling.HOLD, "refuse", Ruling.REFUSE));
        if (name.isEmpty() || chain.isEmpty() || target.isEmpty() || content.isEmpty() || ruling.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Expected(
                name.get(),
                fields.file(),
                fields.line(),
                new Trial(chain.get(), having(fields), target.get().value(), content.get(), state, at),
                ruling.get(),
                expect.get().text("rule").map(Yaml.Text::value),
                expect.get().has("masks") ? Optional.of(Values.texts(expect.get(), "masks")) : Optional.empty(),
                expect.get().has("limit-rows")
                        ? values.number(expect.get(), "limit-rows", 1, Integer.MAX_VALUE)
                        : Optional.empty()));
    }

    private Set<String> having(Yaml.Fields fields) {
        for (Yaml.Text duty : fields.texts("having")) {
            if (policy.elevation(duty.value()).isEmpty()) {
                duty.problem("there is no duty named " + duty.value() + " that somebody has for a time");
            }
        }
        return Values.texts(fields, "having");
    }

    private Optional<DelegationChain> chain(Yaml.Fields fields) {
        Optional<Yaml.Fields> as = fields.map("as");
        if (as.isEmpty()) {
            fields.problem("'as' is missing: write who asks, as in {name: alice, groups: [support]}");
            return Optional.empty();
        }
        List<Identity> links = new ArrayList<>();
        link(as.get(), Identity.Kind.PERSON).ifPresent(links::add);
        fields.maps("through").forEach(each -> link(each, Identity.Kind.AGENT).ifPresent(links::add));
        if (links.isEmpty() || links.size() > DelegationChain.LONGEST) {
            fields.problem("a delegation chain has 1 to " + DelegationChain.LONGEST + " links");
            return Optional.empty();
        }
        return Optional.of(new DelegationChain(links));
    }

    private Optional<Identity> link(Yaml.Fields fields, Identity.Kind kind) {
        fields.only("name", "subject", "groups", "issuer");
        String issuer = fields.text("issuer")
                .flatMap(this::issuer)
                .orElseGet(() -> policy.issuers().stream()
                        .findFirst()
                        .map(Issuer::issuer)
                        .orElse("https://unknown.invalid"));
        return fields.required("name").map(Yaml.Text::value).map(name -> {
            Identity said = new Identity(
                    issuer,
                    fields.text("subject").map(Yaml.Text::value).orElse(name),
                    name,
                    Values.texts(fields, "groups"),
                    kind);
            return policy.people().agents().described(said);
        });
    }

    private Optional<String> issuer(Yaml.Text name) {
        Optional<String> found = policy.issuers().stream()
                .filter(each -> each.name().equals(name.value()))
                .map(Issuer::issuer)
                .findFirst();
        if (found.isEmpty()) {
            name.problem("there is no issuer named " + name.value());
        }
        return found;
    }

    private Optional<Content> content(Yaml.Fields fields) {
        if (fields.has("command") == fields.has("effects")) {
            fields.problem("a test says what is asked by 'command' or by 'effects'");
            return Optional.empty();
        }
        if (fields.has("command")) {
            List<String> schemas = fields.has("schemas")
                    ? fields.texts("schemas").stream().map(Yaml.Text::value).toList()
                    : List.of("public");
            return fields.text("command").flatMap(text -> text.as(sql -> contents.read(sql, schemas)));
        }
        List<Effect> effects = new ArrayList<>();
        fields.texts("effects").forEach(text -> text.as(WrittenEffect::parse).ifPresent(effects::add));
        if (effects.isEmpty()) {
            fields.problem("'effects' lists nothing");
            return Optional.empty();
        }
        String text = effects.toString().toLowerCase(Locale.ROOT);
        return Optional.of(new Content(
                text, Digest.of(text.getBytes(StandardCharsets.UTF_8)), List.of("TEST"), effects, Set.of()));
    }
}
