package io.countersign.policy;

import io.countersign.policy.Separation.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads separations, and finds groups that would break one by themselves. */
final class SeparationReader {

    /** That of objects is read by itself. */
    private static final Map<String, Kind> KINDS = Map.of("static", Kind.STATIC, "session", Kind.SESSION);

    private static final Duration LONGEST = Duration.ofDays(3_650);

    private final List<Separation> separations = new ArrayList<>();
    private final List<ObjectSeparation> ofObjects = new ArrayList<>();

    List<Separation> separations() {
        return List.copyOf(separations);
    }

    List<ObjectSeparation> ofObjects() {
        return List.copyOf(ofObjects);
    }

    /** @param carriers the groups that carry each duty, all of them read */
    void separation(Yaml.Fields fields, Map<String, Set<String>> carriers) {
        fields.only("name", "duties", "kind", "apart", "within");
        boolean ofObjects = fields.text("kind")
                .filter(kind -> kind.value().equals("object"))
                .isPresent();
        for (String key : ofObjects ? List.of("duties") : List.of("apart", "within")) {
            if (fields.has(key)) {
                fields.problem("'" + key + "' " + (ofObjects ? "does not go" : "goes only") + " with 'kind: object'");
            }
        }
        if (ofObjects || fields.has("apart")) {
            ofObject(fields);
        } else {
            ofDuties(fields, carriers);
        }
    }

    private void ofObject(Yaml.Fields fields) {
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        List<List<EffectPattern>> sides = new ArrayList<>();
        for (Yaml.Fields side : fields.maps("apart")) {
            side.only("effects");
            List<EffectPattern> effects = new ArrayList<>();
            side.texts("effects").forEach(text -> text.as(EffectPattern::parse).ifPresent(effects::add));
            if (effects.isEmpty()) {
                side.problem("each of 'apart' needs 'effects' with at least one pattern");
            }
            sides.add(effects);
        }
        if (sides.size() < 2) {
            fields.problem("a separation of objects needs 'apart' with at least two");
        }
        Optional<Duration> within = fields.has("within")
                ? Optional.of(Values.duration(fields, "within", LONGEST, LONGEST))
                : Optional.empty();
        name.ifPresent(named -> {
            unique(fields, named);
            ofObjects.add(new ObjectSeparation(named, sides, within, fields.file(), fields.line()));
        });
    }

    private void unique(Yaml.Fields fields, String name) {
        if (separations.stream().anyMatch(other -> other.name().equals(name))
                || ofObjects.stream().anyMatch(other -> other.name().equals(name))) {
            fields.problem("there are two of separation " + name);
        }
    }

    private void ofDuties(Yaml.Fields fields, Map<String, Set<String>> carriers) {
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Kind> kind = Values.choice(fields.required("kind"), KINDS);
        List<String> duties = new ArrayList<>();
        for (Yaml.Text duty : fields.texts("duties")) {
            if (!carriers.containsKey(duty.value())) {
                duty.problem("there is no duty named " + duty.value());
            } else if (duties.contains(duty.value())) {
                duty.problem("the duty " + duty.value() + " stands here twice");
            } else {
                duties.add(duty.value());
            }
        }
        if (fields.texts("duties").size() < 2) {
            fields.problem("a separation needs 'duties' with at least two");
        }
        if (name.isEmpty() || kind.isEmpty() || duties.size() < 2) {
            return;
        }
        unique(fields, name.get());
        Separation read = new Separation(name.get(), duties, kind.get(), fields.file(), fields.line());
        separations.add(read);
        TreeSet<String> groups = new TreeSet<>();
        duties.forEach(duty -> groups.addAll(carriers.getOrDefault(duty, Set.of())));
        for (String group : groups) {
            read.carriedBy(Set.of(group), carriers, Set.of())
                    .ifPresent(witness -> fields.problem("everybody of group " + group + " would carry " + witness));
        }
    }
}
