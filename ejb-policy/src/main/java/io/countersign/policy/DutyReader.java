package io.countersign.policy;

import io.countersign.api.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads duties and who carries them. */
final class DutyReader {

    private final RuleReader ruleReader;
    private final MaskReader masks;
    private final ElevationReader elevationReader;
    private final Map<String, Set<String>> carriers = new LinkedHashMap<>();
    private final Map<String, Elevation> elevations = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();

    DutyReader(Values values, TargetReader targets, MaskReader masks, ApproverReader approvers) {
        this.masks = masks;
        this.elevationReader = new ElevationReader(approvers);
        this.ruleReader = new RuleReader(values, targets, masks, approvers);
    }

    Map<String, Set<String>> carriers() {
        return Map.copyOf(carriers);
    }

    Map<String, Elevation> elevations() {
        return Map.copyOf(elevations);
    }

    List<Rule> rules() {
        return List.copyOf(rules);
    }

    void duty(Yaml.Fields fields) {
        fields.only("name", "carried-by", "break-glass", "grants", "masks", "rules");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Set<String> groups = Values.texts(fields, "carried-by");
        if (groups.isEmpty() && (!fields.has("grants") || fields.has("carried-by"))) {
            fields.problem("a duty needs 'carried-by' with at least one group");
        }
        Optional<Elevation> elevation = elevationReader.elevation(fields, groups);
        List<Mask> all = masks.named(fields);
        name.ifPresent(duty -> {
            Values.unique(fields, "duty", carriers.putIfAbsent(duty, groups), duty);
            elevation.ifPresent(each -> elevations.put(duty, each));
            List<Yaml.Fields> listed = fields.maps("rules");
            if (listed.isEmpty()) {
                fields.problem("a duty needs 'rules' with at least one rule");
            }
            for (Yaml.Fields rule : listed) {
                ruleReader.rule(duty, all, rule).ifPresent(read -> {
                    if (rules.stream().anyMatch(other -> other.name().equals(read.name()))) {
                        rule.problem("there are two of rule " + read.name() + ": reasons would not tell which");
                    }
                    if (elevation.isPresent()
                            && elevation.get() instanceof Elevation.BreakGlass
                            && read.ruling() == Decision.Ruling.HOLD) {
                        rule.problem("a duty with 'break-glass' permits at once or refuses: nobody is asked first");
                    }
                    rules.add(read);
                });
            }
        });
    }
}
