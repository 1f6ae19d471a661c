package io.countersign.policy;

import io.countersign.api.Digest;
import io.countersign.api.Mask;
import io.countersign.policy.Decision.Terms;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What each rule means, as a digest: whom it speaks of, what, and whom that needs; not where it stands or how it is worded. */
final class Forms {

    private Forms() {}

    static Map<String, String> of(
            List<Rule> rules,
            Map<String, Set<String>> carriers,
            Map<String, Elevation> elevations,
            Optional<Planning> planning) {
        Map<String, String> forms = new TreeMap<>();
        for (Rule rule : rules) {
            Digest.Builder form = Digest.over();
            all(form, carriers.getOrDefault(rule.duty(), Set.of()));
            Elevation elevation = elevations.get(rule.duty());
            if (elevation != null) {
                elevation(form, elevation);
            }
            all(form, rule.targets().stream().map(Glob::pattern).toList());
            all(form, rule.effects().stream().map(EffectPattern::described).toList());
            form.field(rule.condition().map(Condition::text).orElse(""))
                    .field(rule.ruling().name());
            rule.terms().ifPresent(terms -> terms(form, terms));
            all(form, rule.masks().stream().map(Mask::name).toList());
            form.field(rule.limitRows().toString());
            forms.put(rule.name(), form.done().toString());
        }
        planning.ifPresent(plans -> forms.merge(Planning.RULE, form(plans), String::concat));
        return forms;
    }

    private static String form(Planning plans) {
        Digest.Builder form = Digest.over();
        all(form, plans.planners());
        all(form, plans.executors());
        form.field(String.valueOf(plans.plannerMayExecute()))
                .field(plans.lasts().toString());
        stages(form, plans.stages());
        return form.done().toString();
    }

    private static void elevation(Digest.Builder form, Elevation elevation) {
        form.field(elevation.getClass().getSimpleName())
                .field(elevation.longest().toString());
        all(form, elevation.groups());
        stages(form, elevation.stages());
    }

    private static void terms(Digest.Builder form, Terms terms) {
        if (!terms.rerun().isZero()) {
            form.field(terms.rerun().toString());
        }
        terms.inTransaction().ifPresent(bound -> form.field("in-transaction").field(bound.toString()));
        stages(form, terms.stages());
    }

    private static void stages(Digest.Builder form, List<Stage> stages) {
        form.length(stages.size());
        for (Stage stage : stages) {
            switch (stage) {
                case Stage.Persons persons -> persons(form, persons);
                case Stage.Automatic(String name, URI opa, Duration timeout) ->
                    form.length(0).field(name).field(opa.toString());
            }
        }
    }

    private static void persons(Digest.Builder form, Stage.Persons stage) {
        form.length(stage.quorum()).length(stage.each() ? 1 : 0);
        form.length(stage.approvers().size());
        for (ApproverGroup group : stage.approvers()) {
            all(form, group.groups());
            form.field(group.hours().map(ApproverGroup.Hours::described).orElse(""))
                    .field(group.mostPending().toString());
        }
    }

    private static void all(Digest.Builder form, Collection<String> names) {
        form.length(names.size());
        names.stream().sorted().forEach(form::field);
    }
}
