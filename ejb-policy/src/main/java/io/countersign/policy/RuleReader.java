package io.countersign.policy;

import io.countersign.api.Mask;
import io.countersign.policy.Decision.Ruling;
import io.countersign.policy.Decision.Terms;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads one rule: who × target × effects × condition → permit, hold or refuse. */
final class RuleReader {

    private final Values values;
    private final TargetReader targets;
    private final MaskReader masks;
    private final ApproverReader approvers;

    RuleReader(Values values, TargetReader targets, MaskReader masks, ApproverReader approvers) {
        this.values = values;
        this.targets = targets;
        this.masks = masks;
        this.approvers = approvers;
    }

    Optional<Rule> rule(String duty, List<Mask> ofDuty, Yaml.Fields fields) {
        fields.only(
                "name",
                "targets",
                "effects",
                "when",
                "decision",
                "reason",
                "approvers",
                "quorum",
                "stages",
                "within",
                "in-transaction",
                "rerun",
                "masks",
                "limit-rows");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Ruling> ruling = Values.choice(
                fields.required("decision"),
                Map.of("permit", Ruling.PERMIT, "hold", Ruling.HOLD, "refuse", Ruling.REFUSE));
        List<EffectPattern> effects = new ArrayList<>();
        fields.texts("effects").forEach(text -> text.as(EffectPattern::parse).ifPresent(effects::add));
        if (effects.isEmpty()) {
            fields.problem("a rule needs 'effects' with at least one pattern");
        }
        List<Mask> all = new ArrayList<>(ofDuty);
        all.addAll(masks.named(fields));
        Optional<String> words = fields.text("reason").map(Yaml.Text::value);
        if (words.isEmpty() && ruling.isPresent() && ruling.get() != Ruling.PERMIT) {
            fields.problem("a rule that holds or refuses needs 'reason': people will read it");
        }
        Optional<Terms> terms = approvers.terms(name.orElse(""), ruling, fields);
        OptionalLong rows = fields.has("limit-rows")
                ? values.number(fields, "limit-rows", 1, Integer.MAX_VALUE)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty())
                : OptionalLong.empty();
        Optional<Condition> condition = fields.text("when").flatMap(RuleReader::condition);
        if (name.isEmpty() || ruling.isEmpty() || fields.has("when") && condition.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rule(
                duty,
                name.get(),
                fields.file(),
                fields.line(),
                targets.named(fields),
                effects,
                condition,
                ruling.get(),
                words.orElse("Permitted by duty " + duty + "."),
                terms,
                all,
                rows));
    }

    private static Optional<Condition> condition(Yaml.Text text) {
        return switch (Condition.compile(text.value())) {
            case Condition.Compiled.Good good -> Optional.of(good.condition());
            case Condition.Compiled.Bad bad -> {
                bad.faults().forEach(fault -> text.problemAt(fault.line(), fault.column(), fault.message()));
                yield Optional.empty();
            }
        };
    }
}
