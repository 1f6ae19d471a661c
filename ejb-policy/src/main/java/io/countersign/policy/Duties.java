package io.countersign.policy;

import io.countersign.api.Command;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which duties somebody uses: those that their groups carry and those that they have for a time; and which exclude one another. */
final class Duties {

    private final Map<String, Set<String>> carriers;

    /** The duties that a group uses without asking: those it carries, but for those whose glass must be broken first. */
    private final Map<String, Set<String>> standing = new HashMap<>();

    private final Map<String, Elevation> elevations;
    private final List<Separation> separations;

    /** @param carriers the groups that carry each duty */
    Duties(Map<String, Set<String>> carriers, Map<String, Elevation> elevations, List<Separation> separations) {
        this.carriers = carriers;
        this.elevations = elevations;
        this.separations = separations;
        carriers.forEach((duty, groups) -> {
            if (!isBreakGlass(duty)) {
                groups.forEach(group ->
                        standing.computeIfAbsent(group, key -> new HashSet<>()).add(duty));
            }
        });
    }

    boolean isBreakGlass(String duty) {
        return elevations.get(duty) instanceof Elevation.BreakGlass;
    }

    /** The duties of the outermost link, which the whole chain acts for: those that it carries, and those that it has for a time. */
    Set<String> of(Command command, Set<String> elevated) {
        Set<String> groups = command.session().requester().origin().groups();
        Set<String> duties = new HashSet<>();
        for (String group : groups) {
            duties.addAll(standing.getOrDefault(group, Set.of()));
        }
        for (String duty : elevated) {
            if (isOpenTo(duty, groups)) {
                duties.add(duty);
            }
        }
        return duties;
    }

    /** Whoever has left the groups that may have it has lost it, and so has everybody once the policy has it no more. */
    private boolean isOpenTo(String duty, Set<String> groups) {
        Elevation elevation = elevations.get(duty);
        return elevation != null && elevation.isOpenTo(groups);
    }

    /** The separation that somebody's groups, and what they have for a time, break, with the witness. */
    Optional<Map.Entry<Separation, String>> conflict(Set<String> groups, Set<String> elevated) {
        for (Separation separation : separations) {
            Optional<String> witness = separation.carriedBy(groups, carriers, elevated);
            if (witness.isPresent()) {
                return Optional.of(Map.entry(separation, witness.get()));
            }
        }
        return Optional.empty();
    }
}
