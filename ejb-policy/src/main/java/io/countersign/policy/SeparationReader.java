package io.countersign.policy;

import io.countersign.policy.Separation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads separations, and finds groups that would break one by themselves. */
final class SeparationReader {

    private final List<Separation> separations = new ArrayList<>();

    List<Separation> separations() {
        return List.copyOf(separations);
    }

    /** @param carriers the groups that carry each duty, all of them read */
    void separation(Yaml.Fields fields, Map<String, Set<String>> carriers) {
        fields.only("name", "duties", "kind");
        Optional<String> name = fields.required("name").map(Yaml.Text::value);
        Optional<Kind> kind =
                Values.choice(fields.required("kind"), Map.of("static", Kind.STATIC, "session", Kind.SESSION));
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
        if (separations.stream().anyMatch(other -> other.name().equals(name.get()))) {
            fields.problem("there are two of separation " + name.get());
        }
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
